"""A REST API that pages through its objects: ``{"data": [...], "has_more": ..., "next_cursor": ...}``.

Asked for what changed since the cursor (``updated_since``), kept as for databases (`edge`). A page that
does not come, comes cut off or is no page ends the run of this entity: what was read before it is thrown
away with it and read again, so that the cursor never passes what was not seen.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import requests
import tenacity
from dlt.sources.helpers.rest_client.auth import OAuth2ClientCredentials
from requests.adapters import HTTPAdapter
from requests.exceptions import ChunkedEncodingError, ConnectionError, JSONDecodeError, RequestException
from urllib3.util.retry import Retry

from ingestion.batch import Chunk, Entity, Refused
from ingestion.config import ApiConfig
from ingestion.contracts import Reason
from ingestion.readers.base import SourceError
from ingestion.readers.database import utc_now
from ingestion.readers.edge import Edge

PAGE_ITEMS = 500
TIMEOUT = (10, 60)  # seconds to connect, seconds without a byte
MAX_WAIT = 120  # seconds: who asks for a longer pause is asked again at the next load
BROKEN = (ChunkedEncodingError, ConnectionError, JSONDecodeError)


def open_session(api: ApiConfig) -> requests.Session:
    """A session that signs in, and that comes again after 429 and 5xx as the answer's Retry-After says,
    else ever later.
    """
    retry = Retry(
        total=api.retries,
        backoff_factor=api.backoff,
        backoff_jitter=api.backoff / 2,
        backoff_max=MAX_WAIT,
        retry_after_max=MAX_WAIT,
        status_forcelist=(429, 500, 502, 503, 504),
        allowed_methods=("GET", "POST"),
        raise_on_status=False,
    )
    session = requests.Session()
    session.mount(api.url.partition("://")[0] + "://", HTTPAdapter(max_retries=retry))
    if api.token_url:
        session.mount(api.token_url.partition("://")[0] + "://", HTTPAdapter(max_retries=retry))
        secret = api.client_secret.get_secret_value() if api.client_secret else ""
        # its own session: the token request must not be signed with the token that it asks for
        tokens = requests.Session()
        tokens.mount(api.token_url.partition("://")[0] + "://", HTTPAdapter(max_retries=retry))
        session.auth = OAuth2ClientCredentials(
            access_token_url=api.token_url,
            client_id=api.client_id or "",
            client_secret=secret,
            session=tokens,
        )
    elif api.key:
        session.headers["Authorization"] = f"Bearer {api.key.get_secret_value()}"
    return session


class ApiReader:
    """Reads one entity of the API from ``<url>/<entity>``. State: that of `edge`."""

    is_authority = True

    def __init__(
        self, api: ApiConfig, entity: Entity, lag: timedelta, clock: Callable[[], datetime] = utc_now
    ) -> None:
        self.api, self.entity, self.lag, self.clock = api, entity, lag, clock
        self.notes: list[str] = []
        self.more = False

    def chunks(self, state: dict[str, Any]) -> Iterator[Chunk]:
        """Yield the objects that changed since the cursor."""
        cursor = self.entity.cursor
        edge = Edge(state, self.clock() - self.lag, _json)
        params: dict[str, Any] = {"limit": PAGE_ITEMS}
        if state.get("cursor") is not None:
            since = datetime.fromtimestamp(state["cursor"] // 1_000_000, UTC)
            params["updated_since"] = since.strftime("%Y-%m-%dT%H:%M:%SZ")
        with open_session(self.api) as session:
            for number, items in enumerate(self._pages(session, params), 1):
                yield self._chunk(edge, items, number, cursor or "")
        rest = edge.rest()
        if rest:
            yield Chunk(rest, partial(self._position, rest), partial(_original, rest))
        edge.remember(state)

    def _chunk(self, edge: Edge, items: list[Any], page: int, cursor: str) -> Chunk:
        objects = [item for item in items if isinstance(item, dict)]
        refused = [
            Refused(
                f"{self.entity.name}:page {page}:item {number}",
                _json(item),
                Reason("type", "", "the item is not an object"),
            )
            for number, item in enumerate(items, 1)
            if not isinstance(item, dict)
        ]
        rows = edge.unseen([{cursor: None} | item for item in objects], cursor)
        return Chunk(rows, partial(self._position, rows), partial(_original, rows), refused)

    def _pages(self, session: requests.Session, params: dict[str, Any]) -> Iterator[list[Any]]:
        """The items of each page. A next page that was there already would go round for ever: that is an
        error.
        """
        seen: set[str] = set()
        while True:
            page = self._get(session, params)
            items = page.get("data") if isinstance(page, dict) else None
            if not isinstance(items, list):
                raise SourceError(
                    f"{self._where} answered with something that is no page of objects; ask its owner"
                )
            yield items
            if not page.get("has_more"):
                return
            following = page.get("next_cursor")
            if not isinstance(following, str) or not following or following in seen:
                problem = "the same one again" if following in seen else "does not say which"
                raise SourceError(
                    f"{self._where} says that there is another page and {problem}; ask its owner"
                )
            seen.add(following)
            params = params | {"cursor": following}

    def _get(self, session: requests.Session, params: Mapping[str, Any]) -> Any:
        """One page. Raises :class:`SourceError` where it cannot be had."""
        attempts = tenacity.Retrying(
            retry=tenacity.retry_if_exception_type(BROKEN),
            stop=tenacity.stop_after_attempt(self.api.retries),
            wait=tenacity.wait_exponential_jitter(self.api.backoff, MAX_WAIT, jitter=self.api.backoff),
            reraise=True,
        )
        try:
            return attempts(self._get_once, session, params)
        except JSONDecodeError as problem:
            raise SourceError(
                f"{self._where} answered with something that is no JSON; ask its owner"
            ) from problem
        except requests.HTTPError as problem:
            # of the token request: the answers of the objects' address are looked at below
            said = "it did not answer" if problem.response is None else _refusal(problem.response)
            raise SourceError(f"{self.api.token_url} gives no token: {said}") from problem
        except RequestException as problem:
            raise SourceError(
                f"{self._where} cannot be reached ({type(problem).__name__}); check address and network"
            ) from problem

    def _get_once(self, session: requests.Session, params: Mapping[str, Any]) -> Any:
        response = session.get(self._where, params=params, timeout=TIMEOUT)
        if response.status_code == requests.codes.unauthorized and isinstance(
            session.auth, OAuth2ClientCredentials
        ):
            session.auth.access_token = None  # taken back before its time: ask for another, once
            response = session.get(self._where, params=params, timeout=TIMEOUT)
        if not response.ok:
            raise SourceError(f"{self._where} {_refusal(response)}")
        return response.json()

    @property
    def _where(self) -> str:
        return f"{self.api.url.rstrip('/')}/{self.entity.name}"

    def _position(self, rows: list[dict[str, Any]], index: int) -> str:
        key = "/".join(str(rows[index].get(name)) for name in self.entity.primary_key)
        return f"{self.entity.name}:{key}"


def _refusal(response: requests.Response) -> str:
    return f"answered {response.status_code} {response.reason}: {_advice(response)}"


def _advice(response: requests.Response) -> str:
    match response.status_code:
        case 401 | 403:
            return "check client id, secret and rights"
        case 404:
            return "check the address"
        case 429:
            wait = response.headers.get("Retry-After")
            return (
                f"it asks for a pause of {wait} s, longer than a load waits"
                if wait
                else "it asks for a pause"
            )
        case status if status >= 500:
            return "it is out of order; the next load tries again"
    return "the next load tries again"


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")


def _original(rows: list[dict[str, Any]], index: int) -> bytes:
    return _json(rows[index])

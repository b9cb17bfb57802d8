"""A viewer without a browser: it opens a page over Streamlit's WebSocket and changes its filters.

Protocol (streamlit 1.67): protobuf `BackMsg` to the server, `ForwardMsg` back; a run of the script ends with
`script_finished`. A filter is changed as the browser does it: a rerun with the states of the widgets.
"""

import asyncio
import time
from dataclasses import dataclass
from types import TracebackType

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg


@dataclass(frozen=True)
class Run:
    """One run of a page: seconds until its first chart (None without one) and to its end, and its size."""

    first_chart: float | None
    seconds: float
    bytes: int


class Viewer:
    """One open page. Use it with `async with`."""

    def __init__(self, address: str, page: str) -> None:
        self._url = address.replace("http", "ws", 1) + "/_stcore/stream"
        self._page = page
        self._hash = ""
        self._states: dict[str, str] = {}
        self.boxes: dict[str, tuple[str, list[str]]] = {}

    async def __aenter__(self) -> "Viewer":
        self._socket = await websockets.connect(
            self._url, subprotocols=[websockets.Subprotocol("streamlit")], max_size=None, ping_interval=None
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._socket.close()

    async def open(self) -> Run:
        """Open the page as a fresh browser does."""
        message = BackMsg()
        message.rerun_script.query_string = ""
        message.rerun_script.page_name = self._page
        return await self._run(message)

    async def choose(self, key: str, option: str | None) -> Run:
        """Choose an option of the select box with this key; None clears it."""
        self._states[key] = option or ""
        message = BackMsg()
        message.rerun_script.page_script_hash = self._hash
        for name, value in self._states.items():
            state = message.rerun_script.widget_states.widgets.add()
            state.id = self.boxes[name][0]
            if value:
                state.string_value = value
        return await self._run(message)

    async def _run(self, message: BackMsg) -> Run:
        started, first_chart, size = time.perf_counter(), None, 0
        await self._socket.send(message.SerializeToString())
        async with asyncio.timeout(60):
            while True:
                raw = await self._socket.recv(decode=False)
                size += len(raw)
                said = ForwardMsg.FromString(raw)
                kind = said.WhichOneof("type")
                if kind == "navigation":  # st.navigation says which page is shown
                    self._hash = said.navigation.page_script_hash
                elif kind == "delta":
                    element = said.delta.new_element
                    what = element.WhichOneof("type")
                    if what == "selectbox":
                        box = element.selectbox
                        self.boxes[box.id.rsplit("-", 1)[-1]] = (box.id, list(box.options))
                    elif what == "exception":
                        raise RuntimeError(f"The page failed: {element.exception.message}")
                    elif what and "echarts" in what and first_chart is None:
                        first_chart = time.perf_counter() - started
                elif kind == "script_finished":
                    return Run(first_chart, time.perf_counter() - started, size)

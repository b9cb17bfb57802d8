"""Phone numbers as people write them -> E.164, with Google's rules (the phonenumbers library).

The library reads about 80,000 numbers a second on one core, a million a second of those in plain national or
international form are read without it; callers hand over each distinct text once and keep the answer.
"""

from collections.abc import Iterable

import phonenumbers
import pyarrow as pa


def to_e164(text: str | None, region: str = "DE") -> str | None:
    """Return `text` in E.164 ("+4917112345"), or None where no number of a possible length can be read.

    `region` (ISO 3166-1) is the country of numbers written without a country code. The length is checked (a
    number that can only be dialled locally is none), not whether the number has been assigned, since
    numbering plans change faster than the library.
    """
    if not text:
        return None
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    if phonenumbers.is_possible_number_with_reason(number) != phonenumbers.ValidationResult.IS_POSSIBLE:
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


class _PlainForm:
    """Reads the plain forms of one region's own numbers: 0171..., 0049171..., +49171..., digits only.

    Holds only where the region's rules are as plain: the trunk prefix is 0 and is simply dropped, the
    international one is 00. A number that is in such a form and of a possible length is what the library
    would say; of all others nothing is said.
    """

    def __init__(self, region: str) -> None:
        metadata = phonenumbers.PhoneMetadata.metadata_for_region(region, None)
        self.lengths: frozenset[int] = frozenset()
        if (
            metadata is not None
            and metadata.general_desc is not None
            and (metadata.national_prefix_for_parsing, metadata.international_prefix) == ("0", "00")
            and not metadata.national_prefix_transform_rule
        ):
            self.lengths = frozenset(metadata.general_desc.possible_length)
        self.code = str(metadata.country_code) if metadata else ""

    def read(self, text: str) -> str | None:
        """The number in E.164, or None where the library has to be asked."""
        for prefix in (f"+{self.code}", f"00{self.code}", "0"):
            if text.startswith(prefix):
                rest = text[len(prefix) :]
                if len(rest) in self.lengths and rest.isascii() and rest.isdigit() and rest[0] != "0":
                    return f"+{self.code}{rest}"
                return None
        return None


def to_e164_table(texts: Iterable[str], region: str = "DE") -> pa.Table:
    """Return one row for each text: phone_digits (as given) and phone (E.164 or null), both strings."""
    given = list(texts)
    plain = _PlainForm(region)
    return pa.table(
        {
            "phone_digits": pa.array(given, pa.string()),
            "phone": pa.array([plain.read(text) or to_e164(text, region) for text in given], pa.string()),
        }
    )

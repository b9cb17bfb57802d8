"""What a question is about: a period of cohort days and a part of the network."""

from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True)
class Period:
    """Days from `first` to `last`, both included (Europe/Berlin days)."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """Number of days in the period."""
        return (self.last - self.first).days + 1

    def before(self) -> "Period":
        """The period of the same length that ends where this one starts."""
        return Period(self.first - timedelta(days=self.days), self.first - timedelta(days=1))

    def year_ago(self) -> "Period":
        """The same weekdays a year before: 52 weeks."""
        return Period(self.first - timedelta(days=364), self.last - timedelta(days=364))


@dataclass(frozen=True)
class Scope:
    """A region, a dealer, or (both None) the whole network."""

    region: str | None = None
    dealer: str | None = None


NETWORK = Scope()

"""The mark beside a statement: in one sign, what stands behind it; a link to the evidence."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup

_SIGNS = {"inferred": "∴", "registry": "≡", "editorial": "✎"}
_LINK = Markup('<a class="{look}" href="{address}" rel="nofollow" aria-label="{told}" title="{told}">{sign}</a>')


@dataclass(frozen=True)
class Mark:
    """What stands behind a statement, in one sign.

    :param kind: said, inferred, registry, editorial or other
    :param count: how many sources of different origin say so
    :param disputed: whether a claim about the same was not accepted
    """

    kind: str
    count: int
    disputed: bool
    address: str

    @property
    def look(self) -> str:
        """The classes of the mark."""
        kind = "" if self.kind == "said" else f" {self.kind}"
        return f"ev{kind}{' disputed' if self.disputed else ''}"

    @property
    def sign(self) -> str:
        """What is written in the mark."""
        return _SIGNS.get(self.kind, str(self.count) if self.kind == "said" else "·")

    @property
    def told(self) -> str:
        """What the mark means, in words."""
        told = self._kind()
        return f"{told}; {_('sources disagree')}" if self.disputed else told

    def _kind(self) -> str:
        if self.kind == "said":
            return str(ngettext("Evidence: %(num)s source", "Evidence: %(num)s sources", self.count))
        if self.kind == "inferred":
            return str(_("Inferred: why"))
        if self.kind == "registry":
            return str(_("From the register of names: where"))
        if self.kind == "editorial":
            return str(_("Our own classification: where"))
        return str(_("Where this stands"))

    def __html__(self) -> str:
        """The mark as templates write it."""
        return _LINK.format(look=self.look, address=self.address, told=self.told, sign=self.sign)

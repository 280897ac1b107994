"""The registers (sổ). Importing the modules of ``viewer.ledger`` gives the blueprint its pages."""

from viewer.ledger import entry, excel, grid, numbers, work
from viewer.ledger.common import blueprint

PAGES = (work, grid, entry, excel, numbers)

__all__ = ["PAGES", "blueprint"]

"""Lists that may have any number of rows, of which nobody reads but the first."""

from django.core.paginator import Paginator
from django.utils.functional import cached_property

# Nobody reads further down a list than this; counting more would read the whole table.
LONGEST_LIST = 5_000


class BoundedPaginator(Paginator):
    """Counts no more rows than anyone would page through, so that a list costs the same at any size."""

    @cached_property
    def count(self) -> int:
        return self.object_list.order_by().values("pk")[:LONGEST_LIST].count()

"""The first lock of design section 4: deriving claims shares it, changing what they depend on has it alone."""

from django.db import connection, transaction

# The upper half of the 64-bit key, so that no other use of advisory locks meets it ("meso" in ASCII).
NAMESPACE = 0x6D65736F << 32


def _take(function: str, agency_id: int) -> None:
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("The agency's lock lasts for a transaction; there is none.")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s)", [NAMESPACE | agency_id])


def lock_agency_shared(agency_id: int) -> None:
    """Until the transaction ends nobody changes the agency's categories, brands and clients; taken to derive claims."""
    _take("pg_advisory_xact_lock_shared", agency_id)


def lock_agency_exclusive(agency_id: int) -> None:
    """Until the transaction ends nobody derives claims in the agency; taken to change categories, brands or clients."""
    _take("pg_advisory_xact_lock", agency_id)

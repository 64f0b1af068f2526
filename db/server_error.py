"""What can go wrong with the database server and the person at the machine can act on."""

from commandcenter.domain.errors import DomainError


class ServerError(DomainError):
    """The server cannot be found, started, reached, saved or restored; says so in one Chinese sentence."""

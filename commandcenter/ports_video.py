"""What the core needs from the outside for cameras; `db` implements it, tests fake it.

Every call may raise a DomainError. Calls block: screens reach them through ui.bridge, never on the GUI thread.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol
from uuid import UUID

from commandcenter.domain.model import Done
from commandcenter.domain.video import (
    Camera,
    CameraCategory,
    CameraEvidence,
    CameraGroup,
    NearCamera,
    NewCameraEvidence,
    StreamAddress,
    Viewing,
)


class Cameras(Protocol):
    """Cameras of the caller's territory, and looking at them. Addresses come one by one, each recorded."""

    def categories(self) -> list[CameraCategory]:
        """Of the deployment, in its order."""

    def cameras(self) -> list[Camera]:
        """All in the caller's territory, those he may not view too, by name."""

    def near(self, lon: float, lat: float, at_most: int) -> list[NearCamera]:
        """The nearest of them in use, by distance."""

    def open_stream(self, camera_id: int, kind: str, purpose: str, case_id: int | None = None) -> StreamAddress:
        """The address of a stream, and a record that the caller looks. Raises NotAllowed, NotFound, WrongState.

        A rotation that comes back to a camera within the hour continues its look, unless that was closed: close it when
        the rotation stops, not at each turn.
        """

    def close_viewings(self, viewings: Sequence[int]) -> None:
        """The caller looks no more; what is not his or has ended is passed over."""

    def viewings(self, since: float, until: float, camera_id: int | None = None) -> list[Viewing]:
        """Who looked; only one's own without the right to the records of others. Newest first, at most 1,000."""

    def groups(self) -> list[CameraGroup]:
        """The caller's rotation groups and the district's, by name."""

    def save_group(self, command_id: UUID, group: CameraGroup) -> CameraGroup:
        """Make (id 0) or change one. Raises Conflict, NotAllowed, InvalidInput."""

    def delete_group(self, command_id: UUID, group: CameraGroup) -> None:
        """Raises Conflict, NotAllowed."""

    def favourites(self) -> frozenset[int]:
        """The caller's."""

    def set_favourite(self, camera_id: int, on: bool) -> None:
        """Mark or unmark one for oneself."""

    def attach(self, evidence: NewCameraEvidence) -> Done:
        """Hang it on the case with camera, time and digest. Raises NotAllowed, InvalidInput, WrongState."""

    def evidence(self, case_id: int) -> list[CameraEvidence]:
        """Of which attachments of a case a camera is the source."""

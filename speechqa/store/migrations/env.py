"""What Alembic runs to reach a version: on the connection it is given, inside its transaction."""

from __future__ import annotations

from alembic import context

from speechqa.store.schema import VERSION_TABLE, metadata


def run() -> None:
    """Run the migrations asked for."""
    context.configure(
        connection=context.config.attributes["connection"],
        target_metadata=metadata,
        version_table=VERSION_TABLE,
    )
    with context.begin_transaction():
        context.run_migrations()


# Alembic loads this file under the name env_py; tools that import it as a module get the function alone.
if __name__ == "env_py":
    run()

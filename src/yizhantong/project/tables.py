"""The tables of the database: made for a new one, upgraded for one that is in use."""

from __future__ import annotations

from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder


def bring_up() -> None:
    """Bring the tables to what this version of the platform needs.

    A database in use goes through the migrations it has not seen. An empty one gets its tables from the models at once, and
    the migrations are noted as done in the same transaction: the same tables (a test compares both ways) in seconds, for
    the migrations of all rooms rebuild the picture of every related model again and again.
    """
    if not connection.introspection.table_names():
        _make()
    call_command("migrate", interactive=False, verbosity=0)


def _make() -> None:
    recorder = MigrationRecorder(connection)
    with connection.schema_editor(atomic=True) as editor:
        for model in apps.get_models():
            if model._meta.managed and not model._meta.proxy and not model._meta.swapped:
                editor.create_model(model)
        editor.create_model(recorder.Migration)
        for app, name in sorted(MigrationLoader(connection).graph.nodes):
            recorder.record_applied(app, name)

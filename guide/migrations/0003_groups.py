"""Make the groups of the desk, each with just the rights it needs."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

CONTENT = (
    "cardtype",
    "channel",
    "choice",
    "faqentry",
    "letter",
    "operator",
    "operatorfact",
    "question",
    "retiredcode",
    "source",
    "step",
)
READ = [f"view_{model}" for model in (*CONTENT, "publication", "report", "linkcheck")]
GROUPS = {
    "Editors": [
        *READ,
        *(f"{verb}_{model}" for model in CONTENT for verb in ("add", "change", "delete")),
        "change_report",
    ],
    "Translators": [*READ, "translate_guide"],
    "Publishers": [*READ, "publish_guide", "view_proposal", "add_proposal"],
}


def make_groups(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    # Django makes permissions only after all migrations; they are needed here.
    from django.apps import apps as installed
    from django.contrib.auth.management import create_permissions
    from django.contrib.contenttypes.management import create_contenttypes

    config = apps.get_app_config("guide")
    real = installed.get_app_config("guide")
    config.models_module = real.models_module
    database = schema_editor.connection.alias
    create_contenttypes(config, verbosity=0, using=database, apps=apps)
    create_permissions(config, verbosity=0, using=database, apps=apps)
    config.models_module = None

    Group = apps.get_model("auth", "Group")
    Permission = apps.get_model("auth", "Permission")
    for name, codenames in GROUPS.items():
        group, _ = Group.objects.using(database).get_or_create(name=name)
        found = Permission.objects.using(database).filter(
            content_type__app_label="guide", codename__in=codenames
        )
        missing = set(codenames) - set(found.values_list("codename", flat=True))
        assert not missing, missing
        group.permissions.set(found)


def drop_groups(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    Group = apps.get_model("auth", "Group")
    database = schema_editor.connection.alias
    Group.objects.using(database).filter(name__in=GROUPS).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("guide", "0002_desk"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(make_groups, drop_groups)]

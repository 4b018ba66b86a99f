"""Words on Belgian bills and screens; the groups of the desk get their rights."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

MODEL = "glossaryentry"
VERBS = {
    "Editors": ("view", "add", "change", "delete"),
    "Translators": ("view",),
    "Publishers": ("view",),
}


def give_rights(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    # Django makes permissions only after all migrations; they are needed here.
    from django.apps import apps as installed
    from django.contrib.auth.management import create_permissions
    from django.contrib.contenttypes.management import create_contenttypes

    config = apps.get_app_config("guide")
    config.models_module = installed.get_app_config("guide").models_module
    database = schema_editor.connection.alias
    create_contenttypes(config, verbosity=0, using=database, apps=apps)
    create_permissions(config, verbosity=0, using=database, apps=apps)
    config.models_module = None

    Group = apps.get_model("auth", "Group")
    Permission = apps.get_model("auth", "Permission")
    for name, verbs in VERBS.items():
        # A group that somebody has deleted or renamed since stays as it is.
        for group in Group.objects.using(database).filter(name=name):
            found = Permission.objects.using(database).filter(
                content_type__app_label="guide",
                codename__in=[f"{verb}_{MODEL}" for verb in verbs],
            )
            assert len(found) == len(verbs), found
            group.permissions.add(*found)


def take_rights(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    Group = apps.get_model("auth", "Group")
    Permission = apps.get_model("auth", "Permission")
    database = schema_editor.connection.alias
    rights = Permission.objects.using(database).filter(
        content_type__app_label="guide", content_type__model=MODEL
    )
    for group in Group.objects.using(database).filter(name__in=VERBS):
        group.permissions.remove(*rights)


class Migration(migrations.Migration):

    dependencies = [
        ('guide', '0004_identifiers'),
    ]

    operations = [
        migrations.CreateModel(
            name='GlossaryEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(help_text="Lower case and hyphens. Part of people's links: never rename it.", max_length=80, unique=True, verbose_name='code')),
                ('outdated', models.JSONField(blank=True, default=dict, editable=False, verbose_name='translations older than their source')),
                ('checked_on', models.DateField(blank=True, help_text='The date of the source. Empty: no date known, so overdue.', null=True, verbose_name='checked on')),
                ('review_days', models.PositiveSmallIntegerField(default=365, verbose_name='check again after (days)')),
                ('dutch', models.CharField(blank=True, help_text='As it stands on bills and screens; several with commas.', max_length=120, verbose_name='in Dutch')),
                ('french', models.CharField(blank=True, max_length=120, verbose_name='in French')),
                ('german', models.CharField(blank=True, help_text='Leave all three empty for a name that is the same everywhere.', max_length=120, verbose_name='in German')),
                ('term', models.CharField(max_length=120, verbose_name='word')),
                ('term_zh_hans', models.CharField(max_length=120, null=True, verbose_name='word')),
                ('term_en', models.CharField(max_length=120, null=True, verbose_name='word')),
                ('term_nl', models.CharField(max_length=120, null=True, verbose_name='word')),
                ('term_fr', models.CharField(max_length=120, null=True, verbose_name='word')),
                ('term_de', models.CharField(max_length=120, null=True, verbose_name='word')),
                ('meaning', models.TextField(verbose_name='what it means')),
                ('meaning_zh_hans', models.TextField(null=True, verbose_name='what it means')),
                ('meaning_en', models.TextField(null=True, verbose_name='what it means')),
                ('meaning_nl', models.TextField(null=True, verbose_name='what it means')),
                ('meaning_fr', models.TextField(null=True, verbose_name='what it means')),
                ('meaning_de', models.TextField(null=True, verbose_name='what it means')),
                ('is_linked', models.BooleanField(default=True, help_text='Leave it out for words that nearly every text holds.', verbose_name='explain it where it occurs in other texts')),
                ('position', models.PositiveIntegerField(default=0, verbose_name='position')),
                ('sources', models.ManyToManyField(blank=True, related_name='+', to='guide.source', verbose_name='sources')),
            ],
            options={
                'verbose_name': 'glossary entry',
                'verbose_name_plural': 'glossary entries',
                'ordering': ['position', 'slug'],
            },
        ),
        migrations.RunPython(give_rights, take_rights),
    ]

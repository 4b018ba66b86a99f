"""
Name what letters leave to be filled in by codes, the same ones in every language.

Until now each language had words of its own in square brackets. Those of the letters
that came with the guide are replaced here, and their identifiers made. Words that an
editor has coined stay as they are, in their brackets.
"""

import django.core.validators
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

LANGUAGES = ("en", "zh_hans", "nl", "fr", "de")
# By code: what stood between the brackets, in the order of the languages.
WORDS = {
    "name": ("name", "姓名", "naam", "nom", "Name"),
    "address": ("address", "地址", "adres", "adresse", "Adresse"),
    "mobile-number": (
        *("mobile number", "手机号码", "mobiel nummer", "numéro mobile"),
        "Mobilfunknummer",
    ),
    "customer-number": (
        *("customer number", "客户号", "klantnummer", "numéro de client"),
        "Kundennummer",
    ),
    "sim-number": (
        *("SIM number", "SIM 卡号", "simkaartnummer", "numéro de carte SIM"),
        "SIM-Kartennummer",
    ),
    "end-date": ("end date", "结束日期", "einddatum", "date de fin", "Enddatum"),
    "iban": ("IBAN", "IBAN 账号", "IBAN", "IBAN", "IBAN"),
}


def name_by_codes(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    database = schema_editor.connection.alias
    Letter = apps.get_model("guide", "Letter")
    Identifier = apps.get_model("guide", "Identifier")
    used = set()
    for letter in Letter.objects.using(database).all():
        letter.title = letter.purpose
        for at, language in enumerate(LANGUAGES):
            setattr(
                letter, f"title_{language}", getattr(letter, f"purpose_{language}")
            )
            for field in (f"subject_{language}", f"body_{language}"):
                text = getattr(letter, field) or ""
                for code, words in WORDS.items():
                    if f"[{words[at]}]" in text:
                        used.add(code)
                        text = text.replace(f"[{words[at]}]", f"{{{code}}}")
                if text:
                    setattr(letter, field, text)
        # The untranslated name of a field stands for the source language.
        letter.subject, letter.body = letter.subject_en or "", letter.body_en or ""
        letter.save()
    for place, (code, words) in enumerate(WORDS.items(), start=1):
        if code in used:
            Identifier.objects.using(database).create(
                slug=code,
                position=place * 10,
                name=words[0],
                **{f"name_{lang}": words[at] for at, lang in enumerate(LANGUAGES)},
            )


def name_by_words(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    Letter = apps.get_model("guide", "Letter")
    for letter in Letter.objects.using(schema_editor.connection.alias).all():
        for at, language in enumerate(LANGUAGES):
            for field in (f"subject_{language}", f"body_{language}"):
                text = getattr(letter, field) or ""
                for code, words in WORDS.items():
                    text = text.replace(f"{{{code}}}", f"[{words[at]}]")
                if text:
                    setattr(letter, field, text)
        letter.subject, letter.body = letter.subject_en or "", letter.body_en or ""
        letter.save()


# What each group may do with identifiers: the same as with letters.
GROUPS = {
    "Editors": ("add", "change", "delete", "view"),
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
    for name, verbs in GROUPS.items():
        # Whoever runs the guide may have renamed or deleted a group.
        for group in Group.objects.using(database).filter(name=name):
            found = Permission.objects.using(database).filter(
                content_type__app_label="guide",
                codename__in=[f"{verb}_identifier" for verb in verbs],
            )
            assert len(found) == len(verbs), found
            group.permissions.add(*found)


class Migration(migrations.Migration):

    dependencies = [
        ('guide', '0003_groups'),
    ]

    operations = [
        migrations.RemoveField(
            model_name='letter',
            name='identifiers',
        ),
        migrations.AddField(
            model_name='letter',
            name='enclose',
            field=models.TextField(blank=True, verbose_name='what to enclose'),
        ),
        migrations.AddField(
            model_name='letter',
            name='enclose_de',
            field=models.TextField(blank=True, null=True, verbose_name='what to enclose'),
        ),
        migrations.AddField(
            model_name='letter',
            name='enclose_en',
            field=models.TextField(blank=True, null=True, verbose_name='what to enclose'),
        ),
        migrations.AddField(
            model_name='letter',
            name='enclose_fr',
            field=models.TextField(blank=True, null=True, verbose_name='what to enclose'),
        ),
        migrations.AddField(
            model_name='letter',
            name='enclose_nl',
            field=models.TextField(blank=True, null=True, verbose_name='what to enclose'),
        ),
        migrations.AddField(
            model_name='letter',
            name='enclose_zh_hans',
            field=models.TextField(blank=True, null=True, verbose_name='what to enclose'),
        ),
        migrations.AddField(
            model_name='letter',
            name='send',
            field=models.TextField(blank=True, verbose_name='how to send it, and what to keep'),
        ),
        migrations.AddField(
            model_name='letter',
            name='send_de',
            field=models.TextField(blank=True, null=True, verbose_name='how to send it, and what to keep'),
        ),
        migrations.AddField(
            model_name='letter',
            name='send_en',
            field=models.TextField(blank=True, null=True, verbose_name='how to send it, and what to keep'),
        ),
        migrations.AddField(
            model_name='letter',
            name='send_fr',
            field=models.TextField(blank=True, null=True, verbose_name='how to send it, and what to keep'),
        ),
        migrations.AddField(
            model_name='letter',
            name='send_nl',
            field=models.TextField(blank=True, null=True, verbose_name='how to send it, and what to keep'),
        ),
        migrations.AddField(
            model_name='letter',
            name='send_zh_hans',
            field=models.TextField(blank=True, null=True, verbose_name='how to send it, and what to keep'),
        ),
        migrations.AddField(
            model_name='letter',
            name='shows_channels',
            field=models.CharField(blank=True, choices=[('cancel', 'Ending the line'), ('withdraw', 'Withdrawing within 14 days'), ('refund', 'Refund'), ('lost', 'Blocking a lost card'), ('renewal', 'Switching off the renewal'), ('privacy', 'Personal data'), ('contact', 'General contact')], help_text='Only those in writing: post, e-mail and forms.', max_length=10, verbose_name='channels of the operator shown below'),
        ),
        migrations.AddField(
            model_name='letter',
            name='title',
            field=models.CharField(default='', max_length=200, verbose_name='title'),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='letter',
            name='title_de',
            field=models.CharField(max_length=200, null=True, verbose_name='title'),
        ),
        migrations.AddField(
            model_name='letter',
            name='title_en',
            field=models.CharField(max_length=200, null=True, verbose_name='title'),
        ),
        migrations.AddField(
            model_name='letter',
            name='title_fr',
            field=models.CharField(max_length=200, null=True, verbose_name='title'),
        ),
        migrations.AddField(
            model_name='letter',
            name='title_nl',
            field=models.CharField(max_length=200, null=True, verbose_name='title'),
        ),
        migrations.AddField(
            model_name='letter',
            name='title_zh_hans',
            field=models.CharField(max_length=200, null=True, verbose_name='title'),
        ),
        migrations.AddField(
            model_name='step',
            name='letters',
            field=models.ManyToManyField(blank=True, help_text='The step offers those of them that fit the visitor’s case.', related_name='steps', to='guide.letter', verbose_name='letters for this step'),
        ),
        migrations.CreateModel(
            name='Identifier',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(help_text="Lower case and hyphens. Part of people's links: never rename it.", max_length=80, unique=True, verbose_name='code')),
                ('outdated', models.JSONField(blank=True, default=dict, editable=False, verbose_name='translations older than their source')),
                ('checked_on', models.DateField(blank=True, help_text='The date of the source. Empty: no date known, so overdue.', null=True, verbose_name='checked on')),
                ('review_days', models.PositiveSmallIntegerField(default=365, verbose_name='check again after (days)')),
                ('name', models.CharField(max_length=80, verbose_name='name')),
                ('name_zh_hans', models.CharField(max_length=80, null=True, verbose_name='name')),
                ('name_en', models.CharField(max_length=80, null=True, verbose_name='name')),
                ('name_nl', models.CharField(max_length=80, null=True, verbose_name='name')),
                ('name_fr', models.CharField(max_length=80, null=True, verbose_name='name')),
                ('name_de', models.CharField(max_length=80, null=True, verbose_name='name')),
                ('where', models.TextField(blank=True, verbose_name='where to find it')),
                ('where_zh_hans', models.TextField(blank=True, null=True, verbose_name='where to find it')),
                ('where_en', models.TextField(blank=True, null=True, verbose_name='where to find it')),
                ('where_nl', models.TextField(blank=True, null=True, verbose_name='where to find it')),
                ('where_fr', models.TextField(blank=True, null=True, verbose_name='where to find it')),
                ('where_de', models.TextField(blank=True, null=True, verbose_name='where to find it')),
                ('hint', models.CharField(blank=True, max_length=200, verbose_name='example or form')),
                ('hint_zh_hans', models.CharField(blank=True, max_length=200, null=True, verbose_name='example or form')),
                ('hint_en', models.CharField(blank=True, max_length=200, null=True, verbose_name='example or form')),
                ('hint_nl', models.CharField(blank=True, max_length=200, null=True, verbose_name='example or form')),
                ('hint_fr', models.CharField(blank=True, max_length=200, null=True, verbose_name='example or form')),
                ('hint_de', models.CharField(blank=True, max_length=200, null=True, verbose_name='example or form')),
                ('lines', models.PositiveSmallIntegerField(default=1, help_text='How much room a printed letter leaves for it.', validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(12)], verbose_name='lines to write on')),
                ('position', models.PositiveIntegerField(default=0, verbose_name='position')),
                ('sources', models.ManyToManyField(blank=True, related_name='+', to='guide.source', verbose_name='sources')),
            ],
            options={
                'verbose_name': 'identifier in letters',
                'verbose_name_plural': 'identifiers in letters',
                'ordering': ['position', 'slug'],
            },
        ),
        migrations.RunPython(name_by_codes, name_by_words),
        migrations.RunPython(give_rights, migrations.RunPython.noop),
    ]

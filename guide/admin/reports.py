"""What visitors say is wrong."""

from django.contrib import admin

from guide import models


@admin.register(models.Report)
class ReportAdmin(admin.ModelAdmin):
    list_display = ("__str__", "step_slug", "fact_slug", "language", "state")
    list_filter = ("state", "language")
    search_fields = ("text", "step_slug", "fact_slug")

"""What was published, and when."""

from django.contrib import admin

from guide import models


@admin.register(models.Publication)
class PublicationAdmin(admin.ModelAdmin):
    """What was published: to be read, never to be changed."""

    list_display = ("number", "published_at", "published_by", "note")
    search_fields = ("number", "note")
    readonly_fields = (
        "number",
        "published_at",
        "published_by",
        "note",
        "sha256",
        "document",
    )

    def has_add_permission(self, request: object) -> bool:
        return False

    def has_change_permission(self, request: object, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: object, obj: object = None) -> bool:
        return False

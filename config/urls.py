"""All addresses: the visitors' ones carry their language."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path, re_path

from guide import offline_views, previewing, views
from guide.urls import urlpatterns as visitors_pages

urlpatterns = [
    path("", views.front_door, name="front-door"),
    path("admin/", admin.site.urls),
    path("healthz", views.healthz, name="healthz"),
    path("favicon.ico", views.favicon, name="favicon"),
    path("sw.js", offline_views.worker, name="worker"),
    path("manifest.webmanifest", offline_views.manifest, name="manifest"),
    path("robots.txt", views.robots, name="robots"),
    path("sitemap.xml", views.sitemap, name="sitemap"),
    path("preview/<str:token>/", previewing.shared_preview, name="shared-preview"),
    path(
        "preview/<str:token>/<path:rest>",
        previewing.shared_preview,
        name="shared-preview",
    ),
    *i18n_patterns(path("", include("guide.urls")), prefix_default_language=True),
    # The same pages without a language: on to the visitor's own.
    *(path(str(page.pattern), views.front_door) for page in visitors_pages),
    # zh-cn, EN, nl-be, …: other names of languages we have.
    re_path(
        r"^(?P<code>[A-Za-z]{2,3}(?:-[A-Za-z]{2,4})?)/(?P<rest>.*)$",
        views.language_alias,
        name="language-alias",
    ),
]

handler403 = "guide.views.not_allowed"
handler404 = "guide.views.page_not_found"
handler500 = "guide.views.server_error"

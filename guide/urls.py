"""Addresses of the visitors' pages, below their language."""

from django.urls import path

from guide import document_views, letter_views, offline_views, report_views, views

app_name = "guide"

urlpatterns = [
    path("", views.start, name="start"),
    path("guide/", views.questionnaire, name="questionnaire"),
    path("guide/<slug:slug>/", views.question, name="question"),
    path("checklist/", views.checklist, name="checklist"),
    *(
        path(
            f"checklist.{ending}",
            document_views.document,
            {"ending": ending},
            name=f"checklist-{ending}",
        )
        for ending in document_views.FORMS
    ),
    path("checklist.svg", offline_views.checklist_code, name="checklist-code"),
    path("operators/", views.operator_list, name="operator-list"),
    path("operators/<slug:slug>/", views.operator_detail, name="operator-detail"),
    path("letters/", letter_views.letter_list, name="letter-list"),
    path("letters/<slug:slug>/", letter_views.letter_detail, name="letter-detail"),
    path("faq/", views.faq, name="faq"),
    path("faq/<slug:slug>/", views.faq_entry, name="faq-entry"),
    path("glossary/", views.glossary, name="glossary"),
    path("sources/", views.sources, name="sources"),
    path("report/", report_views.report, name="report"),
    path("kept/", views.kept, name="kept"),
    path("about/", views.about, name="about"),
    path("accessibility/", views.accessibility, name="accessibility"),
]

"""Addresses of the visitors' pages, below their language."""

from django.urls import path

from guide import offline_views, report_views, views

app_name = "guide"

urlpatterns = [
    path("", views.start, name="start"),
    path("guide/", views.questionnaire, name="questionnaire"),
    path("guide/<slug:slug>/", views.question, name="question"),
    path("checklist/", views.checklist, name="checklist"),
    path("checklist.svg", offline_views.checklist_code, name="checklist-code"),
    path("operators/", views.operator_list, name="operator-list"),
    path("operators/<slug:slug>/", views.operator_detail, name="operator-detail"),
    path("faq/", views.faq, name="faq"),
    path("sources/", views.sources, name="sources"),
    path("report/", report_views.report, name="report"),
    path("kept/", views.kept, name="kept"),
    path("about/", views.about, name="about"),
    path("accessibility/", views.accessibility, name="accessibility"),
]

"""What happens around views."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.deprecation import MiddlewareMixin

from guide.publishing import NothingPublishedError


class NothingPublishedMiddleware(MiddlewareMixin):
    """Tell visitors of an empty guide to come back, and its host what to run."""

    def process_exception(
        self, request: HttpRequest, exception: Exception
    ) -> HttpResponse | None:
        if not isinstance(exception, NothingPublishedError):
            return None
        response = render(request, "503.html", status=503)
        response["Retry-After"] = "60"
        return response

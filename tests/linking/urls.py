from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("linking.urls")),
    path("api/v1/", include("linking.api_urls")),
    path("admin/", admin.site.urls),
]

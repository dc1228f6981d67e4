app_name = "docs_kb"
urlpatterns = []

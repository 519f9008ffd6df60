#include "suite.h"

using http::Client, http::Reply, http::Request;

HTTP_TEST(files_are_served_with_their_type_tag_and_smallest_form) {
  const suite::WebFolder folder;
  std::filesystem::create_directories(folder.path + "/assets");
  const auto put = [&](const std::string& name, std::string_view content) {
    base::replace_file(folder.path + "/" + name, std::string(content));
  };
  put("index.html", "<!doctype html>");
  put("favicon.svg", "<svg/>");
  put("assets/app-Bx3kQ9_a.js", "let plain");
  put("assets/app-Bx3kQ9_a.js.br", "BR");
  put("assets/app-Bx3kQ9_a.js.gz", "GZ");
  put("assets/my-settings.js", "no hash");
  put("lone.gz", "an archive, not a form of something");
  auto files = http::Files::load(folder.path);
  ASSERT_TRUE(files.ok());
  EXPECT_EQ(files->count(), 5u);
  EXPECT_EQ(http::Files::load(folder.path, 10).error().why, base::Refusal::exhausted);
  EXPECT_EQ(http::Files::load(folder.path + "/none").error().why, base::Refusal::not_found);
  add_common();
  router.fallback(
      [f = std::make_shared<http::Files>(std::move(*files))](const Request& q) { return f->find(q); });
  serve();
  std::filesystem::remove_all(folder.path);  // all is in memory
  Client c = open();
  const Reply index = c.get("/");
  EXPECT_EQ(index.body, "<!doctype html>");
  EXPECT_EQ(index.field("content-type"), "text/html; charset=utf-8");
  EXPECT_EQ(index.field("cache-control"), "no-store");
  EXPECT_EQ(index.field("x-content-type-options"), "nosniff");
  EXPECT_EQ(c.get("/index.html").body, index.body);
  EXPECT_EQ(c.get("/favicon.svg").field("cache-control"), "no-cache");
  EXPECT_EQ(c.get("/favicon.svg").field("content-type"), "image/svg+xml");
  EXPECT_EQ(c.get("/assets/my-settings.js").field("cache-control"), "no-cache");
  EXPECT_EQ(c.get("/lone.gz").field("content-type"), "application/octet-stream");

  const char* app = "/assets/app-Bx3kQ9_a.js";
  const Reply plain = c.get(app), br = c.get(app, "Accept-Encoding: gzip, deflate, br\r\n"),
              gz = c.get(app, "Accept-Encoding: gzip, br;q=0\r\n");
  EXPECT_EQ(plain.body, "let plain");
  EXPECT_EQ(br.body, "BR");
  EXPECT_EQ(br.field("content-encoding"), "br");
  EXPECT_EQ(gz.body, "GZ");
  EXPECT_EQ(gz.field("content-encoding"), "gzip");
  for (const Reply& r : {plain, br, gz}) {
    EXPECT_EQ(r.field("content-type"), "text/javascript; charset=utf-8");
    EXPECT_EQ(r.field("cache-control"), "public, max-age=31536000, immutable");
    EXPECT_EQ(r.field("vary"), "Accept-Encoding");
  }
  EXPECT_NE(plain.field("etag"), br.field("etag"));
  EXPECT_EQ(c.get(app, "If-None-Match: " + plain.field("etag") + "\r\n").status, 304);
  EXPECT_EQ(c.get(app, "If-None-Match: " + br.field("etag") + "\r\n").status, 200);
  EXPECT_EQ(c.ask("HEAD", app).field("content-length"), "9");
  EXPECT_EQ(c.ask("DELETE", "/").status, 404);
  EXPECT_EQ(c.get("/assets").status, 404);
}

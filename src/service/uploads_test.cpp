#include "upload_suite.h"

#include <arpa/inet.h>
#include <sys/socket.h>

namespace {

using namespace suite;

TEST_F(Uploads, a_file_comes_in_chunks_and_is_whole_when_its_hash_is_right) {
  const std::string bytes = noise(5 * kMiB + 17, 1);
  const std::string id = begun(1, bytes.size());
  EXPECT_EQ(put(id, 0, 0, bytes.substr(0, 4 * kMiB), fields("a/b.bin", bytes.size())).received(), 4 * kMiB);
  auto file = state(id).json().at("files").at(0);
  EXPECT_EQ(file.at("path"), J("a/b.bin"));
  EXPECT_EQ(file.at("received"), J(4 * kMiB));
  EXPECT_EQ(file.at("state"), J("receiving"));
  EXPECT_TRUE(file.at("sha256").is_null());
  const Reply last =
      put(id, 0, 4 * kMiB, bytes.substr(4 * kMiB), fields("a/b.bin", bytes.size(), sha(bytes)));
  EXPECT_EQ(last.received(), std::int64_t(bytes.size()));
  file = state(id).json().at("files").at(0);
  EXPECT_EQ(file.at("sha256"), J(sha(bytes)));
  EXPECT_EQ(file.at("state"), J("received"));
}

TEST_F(Uploads, an_empty_file_is_a_file) {
  const std::string id = begun(1, 0);
  EXPECT_EQ(put_whole(id, 0, "empty", "").received(), 0);
  EXPECT_EQ(state(id).json().at("files").at(0).at("state"), J("received"));
  restart();
  EXPECT_EQ(state(id).json().at("files").at(0).at("sha256"), J(sha("")));
}

TEST_F(Uploads, nothing_of_a_file_lies_on_disk_in_plain_while_it_comes) {
  std::string bytes;
  while (bytes.size() < kMiB) bytes += "the witness of Goma spoke ";
  const std::string id = begun(2, 2 * bytes.size());
  put(id, 0, 0, bytes.substr(0, 300'000), fields("secret-names/list.txt", bytes.size()));
  put_whole(id, 1, "secret-names/other.txt", bytes);
  std::size_t met = 0;
  for (const auto& e : fs::recursive_directory_iterator(office->case_folder(the_case) + "/incoming")) {
    EXPECT_EQ(e.path().string().find("secret"), std::string::npos);
    if (!e.is_regular_file()) continue;
    ++met;
    std::ifstream in(e.path(), std::ios::binary);
    const std::string raw{std::istreambuf_iterator<char>(in), {}};
    for (const std::string& word :
         {std::string("witness"), std::string("secret-names"), std::string("list.txt"), std::string("A raid"),
          std::string("Inspector"), sha(bytes)})
      EXPECT_EQ(raw.find(word), std::string::npos) << word << " in " << e.path();
    EXPECT_EQ(fs::status(e.path()).permissions() & fs::perms::others_all, fs::perms::none);
  }
  EXPECT_EQ(met, 4u);  // two files, what the upload is, and an empty file that is locked
}

TEST_F(Uploads, chunks_of_a_file_may_come_by_different_servers) {
  const std::string bytes = noise(12 * kMiB + 5, 3), other = "of the second server";
  const std::string id = begun(3, bytes.size() + 200);
  const auto first = router.get();
  http::Router second;
  Core there(*office, *book, *rights::Policy::parse(rights::shipped_policy()), core->options,
             base::system_clock());
  second.add(service::upload_routes(there));
  const auto by = [&](http::Router& server) { asked = &server; };
  const std::string head = fields("x", bytes.size()), last = fields("x", bytes.size(), sha(bytes));
  by(*first);
  EXPECT_EQ(put(id, 0, 0, bytes.substr(0, 4 * kMiB), head).received(), 4 * kMiB);
  by(second);
  EXPECT_EQ(put(id, 0, 4 * kMiB, bytes.substr(4 * kMiB, 4 * kMiB), head).received(), 8 * kMiB);
  EXPECT_EQ(put_whole(id, 1, "y", other).received(), std::int64_t(other.size()));
  by(*first);
  EXPECT_EQ(put(id, 0, 8 * kMiB, bytes.substr(8 * kMiB, 4 * kMiB), head).received(), 12 * kMiB);
  EXPECT_EQ(put(id, 0, 4 * kMiB, "late", head).received(), 12 * kMiB) << "what is there is let pass";
  // A wrong hash is refused by one server and seen by the other.
  by(second);
  EXPECT_EQ(put(id, 0, 12 * kMiB, bytes.substr(12 * kMiB), fields("x", bytes.size(), sha("no"))).status, 422);
  by(*first);
  EXPECT_EQ(put(id, 0, 12 * kMiB, bytes.substr(12 * kMiB), last).status, 409);
  for (std::size_t at = 0; at < bytes.size(); at += 4 * kMiB) {
    by(at / (4 * kMiB) % 2 ? second : *first);
    EXPECT_LT(put(id, 0, at, bytes.substr(at, 4 * kMiB), at + 4 * kMiB < bytes.size() ? head : last).status,
              300);
  }
  by(second);
  EXPECT_EQ(files_known(id), 2u);
  EXPECT_EQ(ask(ann, "POST", "/uploads/" + id + "/finish", R"({"files":2})").status, 202);
  by(*first);
  EXPECT_EQ(put_whole(id, 2, "z", "late").status, 422) << "finished at the other";
  wait_for(id);
  EXPECT_TRUE(leaves_nothing(id));
  const auto all = items();
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0].at("sha256"), J(sha(bytes)));
  by(second);
  EXPECT_EQ(ask(ann, "POST", "/uploads/" + id + "/finish").status, 202);
}

TEST_F(Uploads, an_upload_that_was_cut_goes_on_after_a_restart) {
  const std::string bytes = noise(6 * kMiB + 5, 2);
  const std::string id = begun(3, bytes.size() + 10);
  put(id, 0, 0, bytes.substr(0, 4 * kMiB), fields("x", bytes.size()));
  put_whole(id, 2, "y", "0123456789");
  {  // cut in the middle of a chunk: nothing of it counts
    http::Request request("PUT /uploads/" + id + "/files/0?offset=" + std::to_string(4 * kMiB) +
                          " HTTP/1.1\r\nHost: h\r\n" + fields("x", bytes.size()) + "\r\n");
    request.context = ann;
    const auto* route = std::get<const http::Route*>(router->find(request));
    auto sink = std::get<http::Receive>(route->handler)(request);
    ASSERT_TRUE((*sink)->add(bytes.substr(4 * kMiB, kMiB)).ok());
  }
  restart();
  const auto files = state(id).json().at("files").as_array();
  ASSERT_EQ(files.size(), 2u);
  EXPECT_EQ(files[0].at("received"), J(4 * kMiB));
  EXPECT_EQ(files[1].at("sha256"), J(sha("0123456789")));
  EXPECT_EQ(put(id, 0, 4 * kMiB, bytes.substr(4 * kMiB), fields("x", bytes.size(), sha(bytes))).received(),
            std::int64_t(bytes.size()));
}

TEST_F(Uploads, a_file_whose_hash_was_not_yet_compared_when_the_server_ended_is_not_whole) {
  const std::string id = begun(1, 100'000);
  const std::string bytes = noise(100'000, 8);
  put(id, 0, 0, bytes.substr(0, 60'000), fields("x", bytes.size()));
  put(id, 0, 60'000, bytes.substr(60'000), fields("x", bytes.size(), sha(bytes)));
  fs::resize_file(shelf_of(id) + "/0", fs::file_size(shelf_of(id) + "/0") - 1);
  restart();
  const auto file = state(id).json().at("files").at(0);
  EXPECT_EQ(file.at("received"), J(60'000));
  EXPECT_TRUE(file.at("sha256").is_null());
  EXPECT_EQ(put(id, 0, 60'000, bytes.substr(60'000), fields("x", bytes.size(), sha(bytes))).received(),
            100'000);
}

TEST_F(Uploads, what_was_received_already_is_answered_with_what_is_there) {
  const std::string bytes = noise(300'000, 3);
  const std::string id = begun(1, bytes.size());
  put(id, 0, 0, bytes.substr(0, 200'000), fields("x", bytes.size()));
  EXPECT_EQ(put(id, 0, 0, bytes.substr(0, 200'000), fields("x", bytes.size())).received(), 200'000);
  EXPECT_EQ(put(id, 0, 100'000, bytes.substr(100'000), fields("x", bytes.size(), sha(bytes))).received(),
            200'000);
  EXPECT_EQ(put(id, 0, 200'000, bytes.substr(200'000), fields("x", bytes.size(), sha(bytes))).received(),
            300'000);
  EXPECT_EQ(put(id, 0, 200'000, bytes.substr(200'000), fields("x", bytes.size(), sha(bytes))).received(),
            300'000);
}

TEST_F(Uploads, a_chunk_that_was_cut_and_still_comes_gives_way_to_its_repetition) {
  const std::string bytes = noise(2 * kMiB, 4), target = "/files/0?offset=0 HTTP/1.1\r\nHost: h\r\n";
  const std::string id = begun(1, bytes.size());
  http::Request request("PUT /uploads/" + id + target + fields("x", bytes.size(), sha(bytes)) + "\r\n");
  request.context = ann;
  const auto* route = std::get<const http::Route*>(router->find(request));
  auto late = std::get<http::Receive>(route->handler)(request);
  ASSERT_TRUE((*late)->add(std::string_view(bytes).substr(0, kMiB)).ok());
  EXPECT_EQ(put_whole(id, 0, "x", bytes).received(), std::int64_t(bytes.size()));
  const base::Status s = (*late)->add(std::string_view(bytes).substr(kMiB));
  ASSERT_FALSE(s.ok());
  EXPECT_EQ(s.error().why, base::Refusal::conflict);
  EXPECT_EQ(state(id).json().at("files").at(0).at("sha256"), J(sha(bytes)));
}

TEST_F(Uploads, a_wrong_hash_refuses_the_file_and_keeps_nothing_of_it) {
  const std::string bytes = noise(500'000, 5);
  const std::string id = begun(1, bytes.size());
  const Reply r = put(id, 0, 0, bytes, fields("x", bytes.size(), sha("something else")));
  EXPECT_EQ(r.status, 422);
  EXPECT_EQ(r.code(), "hash_differs");
  EXPECT_NE(r.detail().find("send it again"), std::string::npos);
  EXPECT_EQ(files_known(id), 0u);
  EXPECT_FALSE(fs::exists(shelf_of(id) + "/0"));
  restart();
  EXPECT_EQ(files_known(id), 0u);
  EXPECT_EQ(put_whole(id, 0, "x", bytes).received(), 500'000);
  // A file that is whole here and another there is sent anew as well.
  EXPECT_EQ(put(id, 0, 0, bytes, fields("x", bytes.size(), sha("changed"))).code(), "hash_differs");
  EXPECT_EQ(files_known(id), 0u);
}

TEST_F(Uploads, the_last_chunk_brings_the_hash_and_without_it_does_not_count) {
  const std::string id = begun(1, 3);
  const Reply r = put(id, 0, 0, "abc", fields("x", 3));
  EXPECT_EQ(r.status, 422);
  EXPECT_NE(r.detail().find("X-Sha256"), std::string::npos);
  EXPECT_EQ(put(id, 0, 0, "abc", fields("x", 3, "1234")).status, 422);
  EXPECT_EQ(put_whole(id, 0, "x", "abc").received(), 3);
}

TEST_F(Uploads, an_offset_that_leaves_a_gap_is_refused) {
  const std::string id = begun(2, 20);
  EXPECT_EQ(put(id, 0, 5, "12345", fields("x", 10, sha("?"))).status, 409);
  put(id, 0, 0, "12", fields("x", 10));
  const Reply r = put(id, 0, 5, "12345", fields("x", 10, sha("?")));
  EXPECT_EQ(r.status, 409);
  EXPECT_NE(r.detail().find("2 bytes are here"), std::string::npos);
}

TEST_F(Uploads, no_more_comes_than_was_announced) {
  const std::string id = begun(2, 10);
  EXPECT_EQ(put(id, 0, 0, "12345678901", fields("x", 11)).status, 422);           // the upload
  EXPECT_EQ(put(id, 0, 0, "123456", fields("x", 5, sha("123456"))).status, 422);  // the file
  EXPECT_EQ(put(id, 2, 0, "1", fields("z", 1, sha("1"))).status, 422);            // files
  EXPECT_EQ(put(id, 1, 0, "123456", fields("y", 6, sha("123456"))).status, 422);  // 5 + 6
  EXPECT_EQ(put_whole(id, 0, "x", "12345").received(), 5);
  EXPECT_EQ(put(id, 0, 5, "1", fields("other", 5, sha("1"))).status, 422);  // another file by the same number
  EXPECT_EQ(put_whole(id, 1, "y", "12345").received(), 5);
}

TEST_F(Uploads, a_chunk_is_at_most_four_mebibytes) {
  const std::string bytes(4 * kMiB + 65 * 1024, 'x');
  const std::string id = begun(1, bytes.size());
  EXPECT_EQ(put_whole(id, 0, "x", bytes).status, 422);
  EXPECT_EQ(state(id).json().at("files").at(0).at("received"), J(0));
  for (const auto& route : router->routes())
    if (route->act.name() == "upload.receive") {
      EXPECT_LT(route->body_bytes_max, bytes.size());
      EXPECT_EQ(route->takes, "application/octet-stream");
    }
}

TEST_F(Uploads, a_path_that_leads_elsewhere_is_refused) {
  const std::string id = begun(100, 1000);
  for (const std::string& path :
       {std::string(), std::string("/etc/passwd"), std::string(".."), std::string("a/../b"),
        std::string("a/.."), std::string("../a"), std::string("a//b"), std::string("a/"), std::string("./a"),
        std::string("a\0b", 3), std::string(4097, 'p'), std::string("\xff\xfe")}) {
    const Reply r = put(id, 0, 0, "1", fields(path, 1, sha("1")));
    EXPECT_EQ(r.status, 422) << path;
    EXPECT_NE(r.detail().find("X-Path"), std::string::npos);
  }
  EXPECT_EQ(put(id, 0, 0, "1", "X-Path: a%2\r\nX-Size: 1\r\n").status, 422);
  EXPECT_EQ(files_known(id), 0u);
  int n = 0;
  for (const std::string& path :
       {std::string(4096, 'p'), std::string("..a/b.."), std::string("a\\b"),
        std::string("\xD8\xB4\xD9\x87\xD8\xA7\xD8\xAF\xD8\xA9/\xE2\x80\xAEgpj.exe")})
    EXPECT_EQ(put_whole(id, n++, path, "1").status, 200) << path;
}

TEST_F(Uploads, what_is_announced_has_limits) {
  EXPECT_EQ(begin(ann, 0, 5).status, 422);
  EXPECT_EQ(begin(ann, 1'000'001, 5).status, 422);
  EXPECT_EQ(begin(ann, 1, 2'000'000'000'001).status, 422);
  EXPECT_EQ(begin(ann, 1'000'000, 2'000'000'000'000).status, 201);
  const std::string to = "/cases/" + the_case.id + "/uploads";
  EXPECT_EQ(ask(ann, "POST", to, R"({"files":1,"bytes":1,"source":"","collector":"c","note":""})").status,
            422);
  EXPECT_EQ(ask(ann, "POST", to, R"({"files":-1,"bytes":1,"source":"s","collector":"c","note":""})").status,
            422);
  EXPECT_EQ(ask(ann, "POST", to, R"({"files":1,"bytes":1,"collector":"c","note":""})").status, 422);
  EXPECT_EQ(
      ask(ann, "POST", to,
          R"({"files":1,"bytes":1,"source":")" + std::string(501, 's') + R"(","collector":"c","note":""})")
          .status,
      422);
}

TEST_F(Uploads, an_upload_is_known_to_who_began_it_alone) {
  EXPECT_EQ(begin(eve, 1, 1).status, 404);  // not on this case
  const std::string id = begun(1, 3);
  put(id, 0, 0, "ab", fields("x", 3));
  const Reply none = ask(bob, "GET", "/uploads/" + std::string(32, '0'));
  for (const auto& who : {bob, eve}) {
    for (const Reply& r :
         {ask(who, "GET", "/uploads/" + id), ask(who, "POST", "/uploads/" + id + "/finish"),
          ask(who, "PUT", "/uploads/" + id + "/files/0?offset=2", "c", fields("x", 3, sha("abc")))}) {
      EXPECT_EQ(r.status, 404);
      EXPECT_EQ(r.body, none.body);
    }
  }
  // Nor to them once they may no longer add to the case.
  auto gone = person(4, {});
  gone->account.person = ann->account.person;
  EXPECT_EQ(ask(gone, "GET", "/uploads/" + id).status, 404);
}

TEST_F(Uploads, nothing_is_finished_before_a_file_is_whole_or_while_some_are_missing) {
  const std::string id = begun(2, 6);
  put(id, 0, 0, "ab", fields("x", 3));
  EXPECT_EQ(ask(ann, "POST", "/uploads/" + id + "/finish", "{}").status, 422);
  put_whole(id, 1, "y", "abc");
  EXPECT_EQ(ask(ann, "POST", "/uploads/" + id + "/finish", R"({"files":2})").status, 409);
  EXPECT_EQ(put(id, 0, 2, "c", fields("x", 3, sha("abc"))).received(), 3);  // it goes on
}

TEST_F(Uploads, chunks_come_over_a_connection_as_a_browser_sends_them) {
  router->guard([&](http::Request& r, const http::Route&) -> std::optional<http::Response> {
    r.context = ann;
    return {};
  });
  http::Options options;
  options.listen = {{"127.0.0.1", 0, http::Transport::plain}};
  http::Server server(std::move(options), std::move(*router), base::system_clock());
  const auto send = [&](const std::string& method, const std::string& target, const std::string& head,
                        const std::string& body) {
    const base::Fd wire(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in there{};
    there.sin_family = AF_INET, there.sin_port = htons(server.port());
    there.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::connect(wire.get(), reinterpret_cast<const sockaddr*>(&there), sizeof there), 0);
    const std::string all_sent = method + " " + target +
                                 " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + head +
                                 "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
    for (std::string_view left = all_sent; !left.empty();) {
      const ssize_t k = ::send(wire.get(), left.data(), left.size(), MSG_NOSIGNAL);
      if (k <= 0) break;  // refused before all was sent: the answer tells
      left.remove_prefix(static_cast<std::size_t>(k));
    }
    std::string all(8192, '\0');
    std::size_t got = 0;
    for (ssize_t k = 1; k > 0 && got < all.size(); got += static_cast<std::size_t>(std::max<ssize_t>(k, 0)))
      k = ::recv(wire.get(), all.data() + got, all.size() - got, 0);
    all.resize(got);
    return Reply{std::atoi(all.substr(0, 12).substr(8).c_str()), all.substr(all.find("\r\n\r\n") + 4)};
  };
  const std::string type = "Content-Type: application/octet-stream\r\n", bytes = noise(5 * kMiB, 9);
  const Reply made = send("POST", "/cases/" + the_case.id + "/uploads", "Content-Type: application/json\r\n",
                          R"({"files":2,"bytes":)" + std::to_string(bytes.size()) +
                              R"(,"source":"s","collector":"c","note":""})");
  ASSERT_EQ(made.status, 201) << made.body;
  const std::string at =
      "/uploads/" + std::string(boost::json::parse(made.body).at("upload").as_string()) + "/files/";
  const std::string head = type + fields("d/\xC3\xA9.bin", bytes.size(), sha(bytes));
  EXPECT_EQ(send("PUT", at + "0?offset=0", head, bytes.substr(0, 4 * kMiB)).body, R"({"received":4194304})");
  EXPECT_EQ(send("PUT", at + "0?offset=4194304", head, bytes.substr(4 * kMiB)).body,
            R"({"received":5242880})");
  EXPECT_EQ(send("PUT", at + "1?offset=0", type + fields("d/empty", 0, sha("")), "").body,
            R"({"received":0})");
  const std::string too_large(4 * kMiB + 65 * 1024, 'x');
  EXPECT_EQ(send("PUT", at + "1?offset=0", head, too_large).status, 413);
  server.stop(1s);
}

}  // namespace

#pragma once
// The front end's files, read once at the start and served from memory: no path of a request ever reaches
// the file system.

#include <http/request.h>
#include <http/response.h>

#include <map>
#include <memory>
#include <optional>
#include <string>

namespace http {

class Files {
 public:
  // All regular files below `folder`; links are not followed, hidden ones not read. `x.br` and `x.gz` beside
  // `x` are its compressed forms. Refuses: not_found, exhausted (beyond bytes_max).
  static base::Result<Files> load(const std::string& folder, std::size_t bytes_max = 256 << 20);

  // "/" is index.html. Names with a hash (assets/app-Bx3kQ9_a.js) are immutable; index.html is not stored;
  // the rest is asked for again (no-cache). Answers 304 by If-None-Match.
  std::optional<Response> find(const Request& request) const;
  std::size_t count() const { return files_.size(); }

 private:
  struct File {
    std::string media_type, etag, cache;
    std::shared_ptr<const std::string> plain, br, gz;  // shared with answers that are being sent
  };
  std::map<std::string, File, std::less<>> files_;
};

std::string_view media_type_of(std::string_view name);  // by the ending; application/octet-stream if unknown

}  // namespace http

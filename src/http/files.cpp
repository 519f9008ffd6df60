#include "grammar.h"

#include <base/bytes.h>
#include <base/crypto.h>
#include <base/handle.h>
#include <base/text.h>
#include <http/files.h>

#include <filesystem>

namespace http {
namespace {

namespace fs = std::filesystem;

constexpr std::pair<std::string_view, std::string_view> kTypes[] = {
    {".html", "text/html; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".mjs", "text/javascript; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".json", "application/json"},
    {".geojson", "application/geo+json"},
    {".webmanifest", "application/manifest+json"},
    {".map", "application/json"},
    {".svg", "image/svg+xml"},
    {".png", "image/png"},
    {".jpg", "image/jpeg"},
    {".jpeg", "image/jpeg"},
    {".webp", "image/webp"},
    {".gif", "image/gif"},
    {".ico", "image/x-icon"},
    {".woff2", "font/woff2"},
    {".woff", "font/woff"},
    {".ttf", "font/ttf"},
    {".wasm", "application/wasm"},
    {".txt", "text/plain; charset=utf-8"},
    {".pdf", "application/pdf"},
};

// "assets/app-Bx3kQ9_a.js": eight characters of base64url, not all lower-case letters, between a dash or dot
// and the ending; the bundler puts such files below assets/ and nothing else.
bool has_hash(std::string_view name) {
  const std::size_t dot = name.rfind('.');
  if (!name.starts_with("assets/") || dot == name.npos || dot < 9) return false;
  const std::string_view hash = name.substr(dot - 8, 8);
  const char before = name[dot - 9];
  return (before == '-' || before == '.') &&
         std::ranges::all_of(hash,
                             [](char c) { return is_digit(c) || is_letter(c) || c == '-' || c == '_'; }) &&
         !std::ranges::all_of(hash, [](char c) { return c >= 'a' && c <= 'z'; });
}

// Whether Accept-Encoding takes a coding: named, and not with q=0.
bool takes(std::string_view accept, std::string_view coding) {
  for (const std::string_view one : base::split(accept, ',')) {
    const std::size_t semicolon = one.find(';');
    if (!base::iequals_ascii(trimmed(one.substr(0, semicolon)), coding)) continue;
    if (semicolon == one.npos) return true;
    const std::string_view q = trimmed(one.substr(semicolon + 1));
    return q.find_first_of("123456789") != q.npos;
  }
  return false;
}

}  // namespace

std::string_view media_type_of(std::string_view name) {
  const std::string lower = base::lower_ascii(name);
  for (const auto& [ending, type] : kTypes)
    if (lower.ends_with(ending)) return type;
  return "application/octet-stream";
}

base::Result<Files> Files::load(const std::string& folder, std::size_t bytes_max) {
  std::error_code ec;
  if (!fs::is_directory(folder, ec))
    return base::Error{base::Refusal::not_found, folder + " is not a folder; build the front end first."};
  std::map<std::string, std::shared_ptr<const std::string>> read;
  std::size_t bytes = 0;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (!fs::is_regular_file(entry.symlink_status())) continue;
    const fs::path inside = entry.path().lexically_relative(folder);
    if (std::ranges::any_of(inside, [](const fs::path& p) { return p.native().starts_with("."); })) continue;
    bytes += entry.file_size();
    if (bytes > bytes_max)
      return base::Error{base::Refusal::exhausted, folder + " holds more than " + std::to_string(bytes_max) +
                                                       " bytes; is it the front end?"};
    read[inside.generic_string()] =
        std::make_shared<const std::string>(base::read_file(entry.path().string()));
  }
  Files out;
  const auto beside = [&](const std::string& name, const char* ending) {
    const auto found = read.find(name + ending);
    return found == read.end() ? nullptr : found->second;
  };
  for (const auto& [name, content] : read) {
    if ((name.ends_with(".br") || name.ends_with(".gz")) && read.contains(name.substr(0, name.size() - 3)))
      continue;
    File f;
    f.media_type = media_type_of(name);
    f.etag = base::hex(base::view(base::sha256(*content))).substr(0, 32);
    f.cache = name == "index.html" ? "no-store"
              : has_hash(name)     ? "public, max-age=31536000, immutable"
                                   : "no-cache";
    f.plain = content, f.br = beside(name, ".br"), f.gz = beside(name, ".gz");
    out.files_.emplace(name, std::move(f));
  }
  return out;
}

std::optional<Response> Files::find(const Request& request) const {
  std::string name = base::join(request.segments(), "/");
  if (name.empty()) name = "index.html";
  const auto found = files_.find(name);
  if (found == files_.end()) return {};
  const File& f = found->second;
  const std::string_view accept = request.header("accept-encoding");
  const bool br = f.br && takes(accept, "br"), gz = !br && f.gz && takes(accept, "gzip");
  const std::string etag = '"' + f.etag + (br ? "-br\"" : gz ? "-gz\"" : "\"");
  const bool same = names_etag(request.header("if-none-match"), etag, Compare::weak);
  Response r = same ? Response(304) : Response::kept(br ? f.br : gz ? f.gz : f.plain, f.media_type);
  r.with("ETag", etag).with("Cache-Control", f.cache);
  if (f.br || f.gz) r.with("Vary", "Accept-Encoding");
  if (br || gz) r.with("Content-Encoding", br ? "br" : "gzip");
  return r;
}

}  // namespace http

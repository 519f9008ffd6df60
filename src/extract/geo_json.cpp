// GeoJSON as a stream of JSON: the innermost arrays under "coordinates" are points, the members of
// "properties" are text. Nothing is kept but the path.
#include "places.h"

#include <base/text.h>

#include <algorithm>
#include <boost/json/basic_parser_impl.hpp>

namespace extract {
namespace {

namespace json = boost::json;

// The names are Boost's: it calls these as it reads.
struct Handler {
  static constexpr std::size_t max_array_size = std::size_t(-1), max_object_size = std::size_t(-1),
                               max_string_size = std::size_t(-1), max_key_size = std::size_t(-1);
  static constexpr std::size_t kTextMax = 16 << 20;
  using Error = json::error_code;

  Sink* sink = nullptr;
  Places* places = nullptr;
  std::vector<std::string> keys{};  // of open objects; "" for arrays
  std::string text{}, key{};
  double point[3] = {};
  int numbers = 0, arrays = 0;  // within "coordinates"
  bool full = false, projected = false;

  bool under(std::string_view name) const { return std::find(keys.begin(), keys.end(), name) != keys.end(); }
  void say(std::string_view value) {
    if (full ||
        !(under("properties") || (!keys.empty() && (keys.back() == "name" || keys.back() == "title"))))
      return;
    std::string line;
    if (!keys.empty() && !keys.back().empty() && keys.back() != "properties") line = keys.back() + ": ";
    full = !sink->text(line + std::string(value) + "\n");
  }
  void number(double v) {
    if (under("coordinates") && numbers < 3) point[numbers] = v;
    if (under("coordinates")) ++numbers;
  }

  bool on_document_begin(Error&) { return true; }
  bool on_document_end(Error&) { return true; }
  bool on_object_begin(Error&) {
    keys.emplace_back();
    return true;
  }
  bool on_object_end(std::size_t, Error&) {
    keys.pop_back();
    return true;
  }
  bool on_array_begin(Error&) {
    numbers = 0;
    return true;
  }
  bool on_array_end(std::size_t, Error&) {
    if (numbers >= 2 && under("coordinates"))
      projected |= !places->add(point[1], point[0], numbers > 2 ? &point[2] : nullptr);
    numbers = 0;
    return true;
  }
  bool on_key_part(json::string_view s, std::size_t, Error&) {
    if (key.size() < 4096) key.append(s.data(), s.size());
    return true;
  }
  bool on_key(json::string_view s, std::size_t n, Error& e) {
    on_key_part(s, n, e);
    if (!keys.empty()) keys.back() = std::exchange(key, {});
    return true;
  }
  bool on_string_part(json::string_view s, std::size_t, Error&) {
    if (text.size() + s.size() <= kTextMax) text.append(s.data(), s.size());
    return true;
  }
  bool on_string(json::string_view s, std::size_t n, Error& e) {
    on_string_part(s, n, e);
    say(std::exchange(text, {}));
    return true;
  }
  bool on_number_part(json::string_view s, Error&) {
    if (text.size() < 1000) text.append(s.data(), s.size());
    return true;
  }
  bool on_int64(std::int64_t v, json::string_view s, Error&) {
    say(text + std::string(s.data(), s.size()));
    text.clear();
    number(static_cast<double>(v));
    return true;
  }
  bool on_uint64(std::uint64_t v, json::string_view s, Error&) {
    say(text + std::string(s.data(), s.size()));
    text.clear();
    number(static_cast<double>(v));
    return true;
  }
  bool on_double(double v, json::string_view s, Error&) {
    say(text + std::string(s.data(), s.size()));
    text.clear();
    number(v);
    return true;
  }
  bool on_bool(bool v, Error&) {
    say(v ? "true" : "false");
    return true;
  }
  bool on_null(Error&) { return true; }
  bool on_comment_part(json::string_view, Error&) { return true; }
  bool on_comment(json::string_view, Error&) { return true; }
};

}  // namespace

void read_geojson(Source& source, const Limits& limits, Sink& sink, Places& places) {
  json::parse_options options;
  options.max_depth = limits.depth_max;
  options.allow_invalid_utf8 = true;
  json::basic_parser<Handler> parser(options);
  parser.handler().sink = &sink;
  parser.handler().places = &places;
  json::error_code error;
  std::uint64_t at = source.read(0, 3) == "\xef\xbb\xbf" ? 3 : 0;
  while (at < source.size() && !error && !parser.done() && !parser.handler().full) {
    const std::string_view window = source.read(at, 256 * 1024);
    if (window.empty()) break;
    at += parser.write_some(true, window.data(), window.size(), error);
  }
  if (!error && !parser.done() && !parser.handler().full) parser.write_some(false, nullptr, 0, error);
  if (error == json::error::too_deep) sink.finding(Reason::too_deep, "arrays in arrays");
  else if (error == json::error::incomplete) sink.finding(Reason::truncated, "the JSON ends early");
  else if (error) sink.finding(Reason::damaged, "after " + std::to_string(at) + " bytes: " + error.message());
  if (parser.handler().projected) sink.meta("x.projected", "yes");
  places.finish();
}

}  // namespace extract

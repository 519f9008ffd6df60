#pragma once
// Which bytes of a representation a GET asks for (RFC 9110 14): one range, or all.

#include <cstdint>
#include <string_view>

namespace http {

struct Part {
  enum class Kind { whole, part, none } kind = Kind::whole;  // none: 416
  std::uint64_t first = 0, length = 0;
};

// `range`: "bytes=a-b", "bytes=a-" or "bytes=-n". Anything else, also a list of ranges, is answered whole, as
// is a range whose If-Range does not name `etag`.
Part part_of(std::string_view range, std::string_view if_range, std::string_view etag, std::uint64_t size);

}  // namespace http

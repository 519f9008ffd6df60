#include "html_image.h"

#include "html_text.h"
#include "mime.h"

#include <base/text.h>

#include <algorithm>

namespace extract::html {
namespace {

constexpr std::size_t kAddressMax = 300;

}  // namespace

std::string decoded(std::string_view raw) {
  std::string out;
  append_html_decoded(out, raw);
  return out;
}

std::string words_of_missing(std::string_view alt, std::string_view address) {
  std::string out(base::trim(alt));
  if (base::starts_with_ci(address, "data:"))
    address = address.substr(0, std::min(address.find_first_of(";,"), address.size()));
  if (!address.empty()) {
    if (!out.empty()) out += " — ";
    out += base::cut(address, kAddressMax);
    if (address.size() > kAddressMax) out += "…";
  }
  return out;
}

std::optional<std::string> from_data_url(std::string_view url) {
  if (!base::starts_with_ci(url, "data:")) return {};
  const std::size_t comma = url.find(',');
  if (comma == url.npos || base::lower_ascii(url.substr(0, comma)).find(";base64") == std::string::npos)
    return {};
  return mime::from_base64(url.substr(comma + 1));
}

}  // namespace extract::html

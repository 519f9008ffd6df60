#include "core.h"

namespace service {
std::vector<http::Route> upload_routes(Core&) { return {}; }
}  // namespace service

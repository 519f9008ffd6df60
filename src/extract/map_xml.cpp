// KML and GPX by the SAX face of libxml2: no network, no entities but the five of XML, memory bounded by one
// element.
#include "places.h"

#include "tag_dates.h"

#include <base/text.h>

#include <algorithm>
#include <libxml/SAX2.h>
#include <libxml/parser.h>

namespace extract {
namespace {

constexpr std::size_t kElementMax = 16 << 20;

std::string_view local(const xmlChar* name) { return reinterpret_cast<const char*>(name); }

// Descriptions of KML are mostly HTML: tags become white space, the few usual entities their letter.
std::string without_tags(std::string_view html) {
  std::string out;
  for (std::size_t i = 0; i < html.size(); ++i) {
    if (html[i] == '<' && i + 1 < html.size() &&
        (std::isalpha(static_cast<unsigned char>(html[i + 1])) || html[i + 1] == '/' || html[i + 1] == '!')) {
      const std::size_t end = html.find('>', i);
      if (end == std::string_view::npos) break;
      out += ' ';
      i = end;
      continue;
    }
    if (html[i] == '&') {
      constexpr std::pair<std::string_view, std::string_view> kNamed[] = {
          {"&amp;", "&"}, {"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}, {"&#39;", "'"}, {"&nbsp;", " "}};
      const auto* found = std::find_if(std::begin(kNamed), std::end(kNamed),
                                       [&](const auto& n) { return html.substr(i).starts_with(n.first); });
      if (found != std::end(kNamed)) {
        out += found->second;
        i += found->first.size() - 1;
        continue;
      }
    }
    out += html[i];
  }
  return out;
}

}  // namespace

struct MapXml::State {
  Sink& sink;
  const Limits& limits;
  Places& places;
  xmlParserCtxtPtr parser = nullptr;
  std::vector<std::string> path{};
  std::string text{};
  std::string label{};   // name of the Data element that is open
  double point[3] = {};  // of the GPX point that is open
  bool point_open = false, altitude = false, full = false, deep = false, first_name = true, gpx = false;
  bool any = false;

  std::string_view above() const {
    return path.size() < 2 ? std::string_view{} : std::string_view(path[path.size() - 2]);
  }
  bool inside(std::string_view name) const { return std::find(path.begin(), path.end(), name) != path.end(); }

  void say(std::string_view t) {
    t = base::trim(t);
    if (!t.empty() && !full) full = !sink.text(std::string(t) + "\n");
  }

  void begin(std::string_view name, int count, const xmlChar** attributes) {
    any = true;
    if (path.empty()) gpx = name == "gpx";
    if (path.size() >= limits.depth_max) deep = true;
    path.emplace_back(name.substr(0, 200));
    text.clear();
    const auto attribute = [&](std::string_view wanted) -> std::string {
      for (int i = 0; i < count; ++i) {
        const xmlChar** a = attributes + static_cast<std::ptrdiff_t>(i) * 5;
        if (local(a[0]) == wanted)
          return {reinterpret_cast<const char*>(a[3]), static_cast<std::size_t>(a[4] - a[3])};
      }
      return {};
    };
    if (name == "Data" || name == "SimpleData") label = attribute("name");
    if (name == "gpx") {
      if (const std::string creator = attribute("creator"); !creator.empty()) sink.meta("software", creator);
    }
    if (name == "trkpt" || name == "wpt" || name == "rtept") {
      double both[3] = {}, one[3] = {};
      point_open = read_point(attribute("lat"), both) == 1 && read_point(attribute("lon"), one) == 1;
      point[0] = both[0], point[1] = one[0];
      altitude = false;
    }
  }

  void end(std::string_view name) {
    const std::string_view value = base::trim(text);
    if (gpx) end_gpx(name, value);
    else end_kml(name, value);
    text.clear();
    if (!path.empty()) path.pop_back();
  }

  void end_gpx(std::string_view name, std::string_view value) {
    if (double height[3] = {}; name == "ele" && point_open) {
      altitude = read_point(value, height) >= 1;
      point[2] = height[0];
    }
    if (name == "trkpt" || name == "wpt" || name == "rtept") {
      if (point_open) places.add(point[0], point[1], altitude ? &point[2] : nullptr);
      point_open = false;
    }
    if (value.empty()) return;
    if (name == "time") {
      const bool of_file = above() == "metadata" || above() == "gpx";
      if (!of_file) places.time(value);
      else if (const std::string at = loose_date(value); !at.empty()) sink.meta("date.created", at);
    } else if (name == "name" && above() == "author") {
      sink.meta("author", value);
    } else if (name == "keywords") {
      sink.meta("keywords", value);
    } else if (name == "name" && (above() == "metadata" || above() == "gpx")) {
      sink.meta("title", value);
      say(value);
    } else if (name == "name" || name == "desc" || name == "cmt" || name == "type" || name == "src" ||
               name == "text" || name == "author" || name == "copyright") {
      say(value);
    }
  }

  void end_kml(std::string_view name, std::string_view value) {
    if (value.empty()) return;
    if (name == "name") {
      if (std::exchange(first_name, false) && (above() == "Document" || above() == "Folder"))
        sink.meta("title", value);
      if (above() == "author") sink.meta("author", value);
      say(value);
    } else if (name == "description" || name == "Snippet" || name == "snippet" || name == "text") {
      say(without_tags(value));
    } else if (name == "coordinates") {
      coordinates(value);
    } else if (name == "coord") {
      double at[3];
      const int n = read_point(value, at);
      if (n >= 2) places.add(at[1], at[0], n > 2 ? &at[2] : nullptr);
    } else if (name == "when" || name == "begin" || name == "end") {
      places.time(value);
    } else if (name == "value" || name == "SimpleData") {
      say(label.empty() ? std::string(value) : label + ": " + without_tags(value));
    } else if (name == "address" || name == "phoneNumber") {
      say(value);
    } else if (name == "href" && inside("NetworkLink")) {
      sink.meta("x.link", value);
    }
  }

  void coordinates(std::string_view value) {
    std::size_t at = 0;
    while (at < value.size()) {
      at = value.find_first_not_of(" \t\r\n", at);
      if (at == std::string_view::npos) break;
      std::size_t end = value.find_first_of(" \t\r\n", at);
      if (end == std::string_view::npos) end = value.size();
      double point_here[3];
      const int n = read_point(value.substr(at, end - at), point_here);
      if (n >= 2) places.add(point_here[1], point_here[0], n > 2 ? &point_here[2] : nullptr);
      at = end;
    }
  }
};

MapXml::MapXml(Sink& sink, const Limits& limits, Places& places) : state_(new State{sink, limits, places}) {
  xmlSAXHandler sax{};
  sax.initialized = XML_SAX2_MAGIC;
  sax.startElementNs = [](void* context, const xmlChar* name, const xmlChar*, const xmlChar*, int,
                          const xmlChar**, int count, int, const xmlChar** attributes) {
    static_cast<MapXml::State*>(context)->begin(local(name), count, attributes);
  };
  sax.endElementNs = [](void* context, const xmlChar* name, const xmlChar*, const xmlChar*) {
    static_cast<MapXml::State*>(context)->end(local(name));
  };
  sax.characters = [](void* context, const xmlChar* text, int n) {
    auto& s = *static_cast<MapXml::State*>(context);
    if (s.text.size() + static_cast<std::size_t>(n) <= kElementMax)
      s.text.append(reinterpret_cast<const char*>(text), static_cast<std::size_t>(n));
  };
  sax.cdataBlock = sax.characters;
  sax.getEntity = [](void*, const xmlChar* name) { return xmlGetPredefinedEntity(name); };
  sax.serror = [](void*, xmlErrorPtr) {};
  state_->parser = xmlCreatePushParserCtxt(&sax, state_.get(), nullptr, 0, nullptr);
  if (state_->parser) xmlCtxtUseOptions(state_->parser, XML_PARSE_NONET | XML_PARSE_RECOVER | XML_PARSE_HUGE);
}

MapXml::~MapXml() {
  if (!state_->parser) return;
  if (state_->parser->myDoc) xmlFreeDoc(state_->parser->myDoc);
  xmlFreeParserCtxt(state_->parser);
}

void MapXml::feed(std::string_view bytes) {
  if (!state_->parser || state_->full || state_->deep) return;
  for (; !bytes.empty(); bytes.remove_prefix(std::min<std::size_t>(bytes.size(), 1 << 20))) {
    const std::string_view step = bytes.substr(0, 1 << 20);
    xmlParseChunk(state_->parser, step.data(), static_cast<int>(step.size()), 0);
  }
}

void MapXml::finish() {
  if (!state_->parser) return;
  xmlParseChunk(state_->parser, nullptr, 0, 1);
  if (state_->deep) state_->sink.finding(Reason::too_deep, "elements in elements");
  else if (!state_->parser->wellFormed)
    state_->sink.finding(state_->path.empty() && state_->any ? Reason::damaged
                         : state_->any                       ? Reason::truncated
                                                             : Reason::damaged,
                         "the XML is not well formed");
  state_->places.finish();
}

}  // namespace extract

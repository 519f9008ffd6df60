// A home on paper: what its tiles show, for a meeting or a file.
#include "paper_of.h"

#include <boost/json.hpp>

#include <algorithm>

namespace service {
namespace {

namespace json = boost::json;
using Cells = std::vector<std::string>;

class Digest {
 public:
  Digest(paper::Document& out, bool french) : out_(out), fr_(french) {}

  void tile(const json::object& t) {
    out_.blocks.push_back(paper::Heading{1, words(t.at("title"))});
    const std::string_view show = t.at("show").get_string();
    if (show == "counts") counts(t.at("parts").get_array());
    if (show == "list") list(t);
    if (show == "tasks") tasks(t);
    if (show == "table") table(t);
    if (show == "cases") cases(t);
    if (show == "map" || show == "times") picture(t);
  }
  void silent(const json::array& cases) {
    if (cases.empty()) return;
    std::string codes;
    for (const json::value& c : cases) codes += (codes.empty() ? "" : ", ") + text(c.at("code"));
    say(either("Not counted here, as no purpose was said for them: ",
               "Non comptées ici, faute de finalité indiquée : ") +
        codes);
  }

 private:
  std::string either(const char* en, const char* fr) const { return fr_ ? fr : en; }
  static std::string text(const json::value& v) {
    return v.is_string() ? std::string(v.get_string()) : std::string();
  }
  static std::string text(const json::object& o, std::string_view name) {
    const auto* v = o.if_contains(name);
    return v ? text(*v) : std::string();
  }
  static std::int64_t number(const json::value& v) { return v.to_number<std::int64_t>(); }
  static bool yes(const json::object& o, std::string_view name) {
    const auto* v = o.if_contains(name);
    return v && v->is_bool() && v->get_bool();
  }
  // Words in both languages, a name, or nothing.
  std::string words(const json::value& v) const {
    if (const auto* o = v.if_object()) return text(o->at(fr_ ? "fr" : "en"));
    return v.is_string() ? text(v) : "—";
  }
  void say(std::string what) { out_.blocks.push_back(paper::Paragraph{std::move(what)}); }
  void rows(paper::Table t) {
    if (t.rows.empty()) return say(either("Nothing.", "Rien."));
    out_.blocks.push_back(std::move(t));
  }
  std::string count(const json::object& part, std::int64_t n) const {
    return std::to_string(n) + (n > 0 && yes(part, "alarm") ? either(" (alarm)", " (alerte)") : "");
  }
  std::string late(const json::object& row, std::string day) const {
    return std::move(day) + (yes(row, "late") ? either(" (late)", " (en retard)") : "");
  }

  void counts(const json::array& parts) {
    paper::Table t{{either("What", "Quoi"), either("Number", "Nombre")}, {}, {4, 1}};
    for (const json::value& each : parts) {
      const json::object& part = each.get_object();
      t.rows.push_back({words(part.at("label")), count(part, number(part.at("count")))});
    }
    rows(std::move(t));
  }
  void list(const json::object& tile) {
    counts(tile.at("parts").get_array());
    const json::array& listed = tile.at("rows").get_array();
    if (listed.empty()) return;
    bool dated = false;
    for (const json::value& r : listed) dated |= r.get_object().contains("due");
    paper::Table t{
        {either("Code", "Cote"), either("Title", "Titre"), either("Kind", "Nature"), either("State", "État"),
         either("Case", "Affaire"), dated ? either("Due", "Échéance") : either("Changed", "Modifié")},
        {},
        {1.9, 3, 1.3, 1.2, 0.8, 1.7}};
    for (const json::value& each : listed) {
      const json::object& r = each.get_object();
      t.rows.push_back({text(r, "code"), text(r, "title"), words(r.at("kind_label")), words(r.at("state")),
                        text(r, "case"), late(r, dated ? text(r, "due") : text(r, "changed").substr(0, 10))});
    }
    rows(std::move(t));
    const std::int64_t total = number(tile.at("total"));
    if (const auto shown = static_cast<std::int64_t>(listed.size()); total > shown)
      say(either("The first ", "Les premiers : ") + std::to_string(shown) + either(" of ", " sur ") +
          std::to_string(total) + ".");
  }
  void tasks(const json::object& tile) {
    paper::Table t{{either("Task", "Tâche"), either("Code", "Cote"), either("Title", "Titre"),
                    either("Kind", "Nature"), either("Due", "Échéance"), either("Whose", "À qui")},
                   {},
                   {2, 1.9, 2.4, 1.3, 1.7, 0.9}};
    for (const json::value& each : tile.at("rows").get_array()) {
      const json::object& r = each.get_object();
      t.rows.push_back({words(r.at("label")), text(r, "code"), text(r, "title"), words(r.at("kind_label")),
                        late(r, text(r, "due")),
                        yes(r, "mine") ? either("mine", "à moi") : either("role", "fonction")});
    }
    const std::string all = std::to_string(number(tile.at("total")));
    const std::string over = std::to_string(number(tile.at("late")));
    say(either("Open: ", "Ouvertes : ") + all + either("; late: ", " ; en retard : ") + over + ".");
    if (!t.rows.empty()) rows(std::move(t));
  }
  void table(const json::object& tile) {
    const json::array &lines = tile.at("rows").get_array(), &columns = tile.at("columns").get_array(),
                      &cells = tile.at("cells").get_array();
    if (lines.empty()) return rows({});
    constexpr std::size_t kAcross = 8;  // more columns stand in a table below
    for (std::size_t from = 0; from < columns.size(); from += kAcross) {
      const std::size_t to = std::min(columns.size(), from + kAcross);
      paper::Table t{{either("Number", "Nombre")}, {}, {2.4}};
      for (std::size_t c = from; c < to; ++c)
        t.header.push_back(words(columns[c].at("label"))), t.widths.push_back(1);
      for (std::size_t i = 0; i < lines.size(); ++i) {
        Cells row{words(lines[i].at("label"))};
        for (std::size_t c = from; c < to; ++c) row.push_back(std::to_string(number(cells[i].at(c))));
        t.rows.push_back(std::move(row));
      }
      rows(std::move(t));
    }
  }
  // A line a case, with what there is of it; there are too many parts for a column each.
  void cases(const json::object& tile) {
    const json::array& parts = tile.at("columns").get_array();
    paper::Table t{{either("Case", "Affaire"), either("What there is", "Ce qu'il y a")}, {}, {1.4, 4}};
    for (const json::value& line : tile.at("rows").get_array()) {
      std::string met;
      for (std::size_t i = 0; i < parts.size(); ++i)
        if (const std::int64_t n = number(line.at("counts").at(i)))
          met += (met.empty() ? "" : "; ") + words(parts[i].at("label")) + (fr_ ? " : " : ": ") +
                 count(parts[i].get_object(), n);
      const json::object& in = line.at("case").get_object();
      t.rows.push_back(
          {text(in, "code") + " " + text(in, "title"), met.empty() ? either("nothing", "rien") : met});
    }
    rows(std::move(t));
  }
  void picture(const json::object& tile) {
    say(either("In all: ", "En tout : ") + std::to_string(number(tile.at("total"))) + ".");
  }

  paper::Document& out_;
  bool fr_;
};

}  // namespace

paper::Document digest_of(const json::object& home, const std::string& whose, bool french) {
  paper::Document out;
  const auto words = [&](const json::value& v) {
    return std::string(v.at(french ? "fr" : "en").get_string());
  };
  out.title = (french ? "Synthèse hebdomadaire : " : "Weekly digest: ") + words(home.at("label"));
  out.language = french ? "fr" : "en", out.office = (french ? "Établie pour " : "Made for ") + whose;
  out.reference = "digest-" + std::string(home.at("home").get_string());
  Digest made(out, french);
  if (const auto* in = home.at("case").if_object()) {
    out.reference += "-" + std::string(in->at("code").get_string());
    out.title += ", " + std::string(in->at("code").get_string());
  }
  made.silent(home.at("silent").get_array());
  for (const json::value& t : home.at("tiles").get_array()) made.tile(t.get_object());
  return out;
}

}  // namespace service

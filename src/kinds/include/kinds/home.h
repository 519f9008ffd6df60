#pragma once
// What a person finds first: a home. Homes are data (data/homes/*.json): for which roles, and tiles, each of
// which shows some records of some kinds and opens the list behind it. docs/formats/records.md has the
// members.

#include <kinds/kind.h>

namespace kinds {

// A question whose answer a tile shows. In its filter, "today", "today+14" and "today-1" are days where a
// date is asked for, and "me" is who asks where a person of the office is.
struct TilePart {
  Words label;
  std::string kind;
  boost::json::array filter;
  std::vector<std::string> sort;
  std::string due;     // field: the day by which something is to be done
  bool alarm = false;  // any at all is too many
};

struct Tile {
  enum class Show : std::uint8_t {
    tasks,   // of who asks
    counts,  // one for each part
    list,    // the first of all parts, by their day
    table,   // of one part: how many by two of `state`, `case` and fields
    cases,   // a line for each case, a count for each part
    map,     // places of one part
    times,   // days of one part
  };
  std::string name;
  Words label;
  Show show = Show::counts;
  std::vector<TilePart> parts;
  std::string rows, columns;  // of a table
  bool wide = false;
};

struct Home {
  std::string name, source;
  std::int64_t version = 1, order = 0;
  Words label;
  std::vector<std::string> roles;
  std::vector<Tile> tiles;
};

class Homes {
 public:
  // Refuses: invalid, with the place: "home duty_officer.tiles.missions.filter[0]: ...". What a filter asks,
  // how it sorts and what it counts by must be possible; states and codes must be declared.
  static base::Result<Homes> make(const rights::Policy& policy, const Declared& declared,
                                  const std::vector<std::string>& homes);
  static base::Result<Homes> shipped(const rights::Policy& policy, const Declared& declared);

  const Home* named(std::string_view name) const;
  std::vector<const Home*> of(const std::vector<std::string>& roles) const;  // the first is shown first

 private:
  std::vector<Home> homes_;  // by their order
};

// The filter of a part as it is asked today, by that person.
boost::json::array asked_today(const Kind& kind, const boost::json::array& filter, std::string_view me,
                               std::int64_t today);
std::string_view name_of(Tile::Show show);

// The files of data/homes, carried within the program.
const std::vector<std::string>& shipped_homes();

}  // namespace kinds

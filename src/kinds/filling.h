#pragma once
// The filling of one template, as Records::fill does it. Parts: fill.cpp (what is put in, and how it is
// said), fill_follow.cpp (where repetitions lead), fill_blocks.cpp (what the blocks become).

#include "printing.h"
#include "where.h"

#include <kinds/records.h>
#include <kinds/template.h>

#include <array>

namespace kinds {

class Records::Fill {
 public:
  Fill(Records& of, const Asker& who, const Template& with, const Filling& asked);
  base::Result<Filled> all();

 private:
  // What is spoken of at one place of the document.
  struct Here {
    const Stored* record = nullptr;
    std::uint64_t fields = 0;  // guarded ones that may be shown
    const Field* table = nullptr;
    const boost::json::object* row = nullptr;
    const Asker::Item* item = nullptr;
    std::size_t n = 0, count = 0;
    bool counted = false;
  };
  struct Met {
    std::shared_ptr<const Stored> record{};
    std::uint64_t fields = 0;
    const Field* table = nullptr;
    boost::json::object row{};
    std::optional<Asker::Item> item{};
  };
  struct Source {
    std::string text, path, sha256;
  };
  static Here here_of(const Met& m, std::size_t n);
  base::Result<Filled> finish(const Here& here);
  base::Status check_period() const;
  base::Status check_case();

  // --- what is put in, and what is told of it
  Met met_of(std::shared_ptr<const Stored> r) const;
  void raise(const Stored& r);
  void carry(const Stored& r);
  void fail(const std::string& what);
  void put(Filled::Block b);
  void tell();

  // --- names and sources
  Printing::Naming naming();
  std::string person(std::string_view code) const;
  const Stored* named(std::string_view code);
  std::optional<Asker::Item> told(std::string_view id);
  std::string cite(const std::string& key, Source source);
  std::string cite_item(const Asker::Item& item);
  Filled::Block told_sources(bool as_table) const;

  // --- texts
  std::string value(const Field& f, const Here& here);
  static const Field* field(std::string_view name, const Here& here);
  std::string day(std::int64_t day) const;
  std::string placeholder(std::string_view name, const Here& here);
  // What has no value is a dash among others, and nothing where it stands alone.
  std::string say(const Words& words, const Here& here);

  // --- where repetitions lead
  std::vector<Met> follow(const std::vector<Step>& steps, const Here& from);
  std::vector<Met> step_from(const Step& step, const Met& from);
  std::optional<Met> readable(Stored r) const;
  base::Result<Where> where(const Kind& kind, const Step& step, const Met& from);
  static bool is_day(const Kind& kind, const boost::json::object& line);
  // By the first day of a date, the order of a vocabulary, a number, else by text; what has none comes last.
  void sort(std::vector<Met>& all, const Kind& kind, std::string by) const;

  // --- blocks
  void blocks(const std::vector<TemplateBlock>& all, const Here& here);
  void paragraph(const std::string& text, bool numbered);
  void heading(const std::string& text, std::int64_t level, bool numbered);
  void block(const TemplateBlock& b, const Here& here);
  bool holds_here(const TemplateBlock& b, const Here& here);
  void counts(const TemplateBlock& b, const std::vector<Met>& all, Filled::Block& out);
  void values(const TemplateBlock& b, const Here& here);
  void rows_of(const Field& f, std::int64_t level, const Here& here);

  Records& of_;
  const Declared* declared_;
  const Asker& who_;
  const Template& template_;
  const Filling& asked_;
  const bool french_;
  Printing printing_;
  Filled out_;
  Here main_;
  std::string case_;
  std::map<std::string, std::string, std::less<>> people_, cases_;
  std::map<std::string, std::optional<Stored>, std::less<>> named_;
  std::map<std::string, std::optional<Asker::Item>, std::less<>> items_;
  std::map<std::string, std::set<std::string>> carried_;  // codes, and the guarded fields that were put in
  std::vector<Source> sources_;
  std::map<std::string, std::size_t> source_number_;
  std::vector<std::pair<std::size_t, bool>> sources_at_;
  std::array<std::size_t, 4> headings_{};
  std::size_t paragraphs_ = 0, seen_ = 0;
  bool citing_ = true;
  std::optional<base::Error> failed_;
};

}  // namespace kinds

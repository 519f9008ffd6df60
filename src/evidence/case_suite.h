#pragma once
// An office with one case of a few notes, made once for a suite of tests.

#include "case_file.h"

#include <base/bytes.h>
#include <base/crypto.h>
#include <base/handle.h>
#include <evidence/ingest.h>
#include <evidence/tags.h>
#include <evidence/view.h>

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

namespace evidence {

class SmallCase : public testing::Test {
 protected:
  static constexpr int kNotes = 9;
  static void SetUpTestSuite() {
    folder =
        std::filesystem::temp_directory_path().string() + "/custos-small-" + base::hex(base::random_bytes(8));
    std::filesystem::create_directories(folder + "/in");
    ::setenv("CUSTOS_KEYS", (folder + "/keys").c_str(), 1);
    for (int i = 1; i <= kNotes; ++i)
      base::replace_file(folder + "/in/" + std::to_string(i) + ".txt",
                         "Note " + std::to_string(i) + (i <= 6 ? " of the heron\n" : " of the crane\n"),
                         0600);
    auto made = Office::make(folder + "/home", "Owner", base::system_clock());
    ASSERT_TRUE(made.ok()) << made.error().message;
    office = std::move(*made);
    kar = *office->add_case("KAR", "a case");
    for (const char* source : {"raid", "=gift"}) {  // the second time the same bytes, from another source
      IngestOptions o;
      o.places = {folder + "/in"}, o.source = source, o.collector = "Ada", o.ocr = false;
      o.worker = CUSTOS_BIN "/custos-worker";
      if (source[0] == '=') {
        std::filesystem::create_directories(folder + "/again");
        std::filesystem::copy_file(folder + "/in/1.txt", folder + "/again/copy.txt");
        o.places = {folder + "/again"};
      }
      const auto end = ingest(*office, kar, o, {});
      ASSERT_TRUE(end.ok()) << end.error().message;
    }
  }
  static void TearDownTestSuite() {
    office.reset();
    std::filesystem::remove_all(folder);
  }
  void SetUp() override { file = *open_case(*office, kar); }

  std::uint64_t total(const std::string& query) {
    const auto s = Search::run(*file, {query, search::Sort::relevance, {}, 1});
    return s.ok() ? (*s)->total() : 9999;
  }
  std::vector<std::string> deviations() {
    return verify(*file, [](std::int64_t, std::int64_t) {}).deviations;
  }
  std::vector<std::string> acts_of(std::int64_t item) {
    std::vector<std::string> out;
    const CustodyView v = *view_custody(*file, item);
    for (const CustodyRow& r : v.rows)
      if (r.act != "viewed") out.push_back(r.act);
    return out;
  }

  static inline std::string folder;
  static inline std::unique_ptr<Office> office;
  static inline CaseName kar;
  std::shared_ptr<CaseFile> file;
};

}  // namespace evidence

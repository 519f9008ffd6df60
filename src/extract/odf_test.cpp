#include "readers_list.h"
#include "sample.h"
#include "under_password.h"

using namespace extract;

TEST(Odf, reads_text_and_properties) {
  SAMPLE(odt, "loose/word/Gregor the Overlander.odt");
  const auto sink = record(odt);
  EXPECT_NE(sink->root.text().find("Gregor the Overlander is the book that i read over summer."),
            std::string::npos);
  EXPECT_FALSE(sink->root.meta("date.created").empty());
}
TEST(Odf, gives_pictures_as_parts) {
  SAMPLE(odt, "formats/format-corpus/office-examples/OpenOffice.org 3.2.0 OSX/embeds/embedded-png.odt");
  const auto sink = record(odt);
  ASSERT_EQ(sink->root.parts.size(), 1u);
  EXPECT_TRUE(sink->root.parts[0]->bytes.starts_with("\x89PNG"));
}
TEST(Odf, reads_slides_as_pages) {
  SAMPLE(odp, "loose/presentation/plasma.odp");
  EXPECT_EQ(record(odp)->root.meta("pages"), "10");
}
TEST(Odf, comes_back_from_every_length) {
  SAMPLE(odt, "formats/format-corpus/office-examples/LibreOffice 3.5.0rc3 OSX/simple.odt");
  read_truncated(odf_reader, odt, 53);
}
TEST(Odf, opens_a_document_with_one_of_the_given_passwords) {
  for (const char* name : {"password.odt", "password.ods"}) {
    const std::string sealed = base::read_file(std::string(CUSTOS_SOURCE) + "/fuzz/corpus/odf/" + name);
    const auto closed = record(sealed, name, {"wrong"});
    EXPECT_TRUE(closed->root.found(Reason::encrypted)) << name;
    EXPECT_EQ(closed->root.text(), "") << name;
    const auto open = record(sealed, name, {"wrong", "kamen-47"});
    EXPECT_TRUE(open->root.findings.empty()) << name;
    EXPECT_NE(open->root.text().find("quarry"), std::string::npos) << name;
    EXPECT_EQ(open->root.meta("x.encrypted"), kOpenedByPassword) << name;
  }
}

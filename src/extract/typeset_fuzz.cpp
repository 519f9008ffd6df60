// Pages that Custos sets, of any bytes: the first tells of which format, the second which page and width. The
// formats that are packages get the bytes as the member that holds the document.
#include "recording.h"
#include "stored_zip.h"
#include "types.h"

#include <base/json.h>
#include <extract/show.h>

#include <boost/json.hpp>
#include <cstring>

namespace {

constexpr std::string_view kRelations =
    R"(<Relationships><Relationship Id="rId1" Type="x/slideLayout" Target="l.xml"/>)"
    R"(<Relationship Id="rId2" Type="x/image" Target="a.png"/><Relationship Id="rId3" Type="x/comments" Target="c.xml"/>)"
    R"(<Relationship Id="rId4" Type="x" TargetMode="External" Target="http://x/"/></Relationships>)";

// The package of a document whose main member is `bytes`; they are its styles and lists too.
std::string package(unsigned format, const std::string& bytes) {
  const std::string relations(kRelations);
  switch (format) {
    case 3:
      return extract::stored_zip({{"word/document.xml", bytes},
                                  {"word/styles.xml", bytes},
                                  {"word/numbering.xml", bytes},
                                  {"word/comments.xml", bytes},
                                  {"word/_rels/document.xml.rels", relations}});
    case 4:
      return extract::stored_zip(
          {{"xl/workbook.xml", R"(<workbook><sheets><sheet name="one" r:id="rId9"/></sheets></workbook>)"},
           {"xl/_rels/workbook.xml.rels",
            R"(<Relationships><Relationship Id="rId9" Target="s.xml"/></Relationships>)"},
           {"xl/s.xml", bytes},
           {"xl/styles.xml", bytes},
           {"xl/sharedStrings.xml", bytes}});
    case 5:
      return extract::stored_zip(
          {{"ppt/presentation.xml", R"(<p><sldId r:id="rId1"/></p>)"},
           {"ppt/_rels/presentation.xml.rels",
            R"(<Relationships><Relationship Id="rId1" Target="s.xml"/></Relationships>)"},
           {"ppt/s.xml", bytes},
           {"ppt/_rels/s.xml.rels", relations},
           {"ppt/l.xml", bytes}});
    default: return extract::stored_zip({{"content.xml", bytes}, {"styles.xml", bytes}});
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  static constexpr std::string_view kTypes[] = {
      extract::types::kHtml, extract::types::kMail, extract::types::kRtf, extract::types::kDocx,
      extract::types::kXlsx, extract::types::kPptx, extract::types::kOdt, extract::types::kOds,
      extract::types::kOdp,  extract::types::kFb2};
  const unsigned format = data[0] % std::size(kTypes);
  std::string bytes(reinterpret_cast<const char*>(data + 2), size - 2);
  if (format >= 3 && format <= 8) bytes = package(format, bytes);
  extract::Limits limits;
  limits.pixels_max = 1'000'000;
  extract::MemorySource source(bytes);
  const extract::Request request{"input", kTypes[format], {}, false, limits};
  extract::RecordingSink sink(limits);
  const base::Status drawn =
      extract::draw(source, request, 1 + (data[1] & 3), 100u + 10u * (data[1] >> 2), sink);
  std::size_t pictures = 0;
  for (const auto& [kind, told] : sink.root.derived) {
    if (kind == extract::kPicture) {
      ++pictures;
      std::uint32_t side[2];
      CHECK(told.size() > 8);
      std::memcpy(side, told.data(), sizeof side);
      CHECK(side[0] <= extract::kPictureSideMax && side[1] <= extract::kPictureSideMax);
      CHECK(told.size() == 8 + std::size_t{side[0]} * side[1] * 3);
    } else {
      // Words stand on their page, and are told as JSON that can be read.
      boost::system::error_code broken;
      const boost::json::value all = boost::json::parse(told, broken);
      CHECK(!broken && all.is_array());
      if (kind == extract::kWords)
        for (const auto& w : all.as_array())
          for (std::size_t k = 0; k < 4; ++k)
            CHECK(w.at(k).to_number<int>() >= 0 && w.at(k).to_number<int>() <= 10'000);
    }
  }
  CHECK(pictures == (drawn.ok() ? 1 : 0));
  CHECK(sink.balanced());
  return 0;
}

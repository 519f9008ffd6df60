#pragma once
// Text from pictures, by Tesseract inside this process. The models are loaded by warm_ocr() before the file
// system is gone, and shared by all forked workers. What comes of it is a guess, and is told as one: engine,
// version, confidence.

#include <extract/reader.h>

#include <memory>

struct Pix;

namespace extract {

struct PixCloser {
  void operator()(Pix* p) const;
};
using Picture = std::unique_ptr<Pix, PixCloser>;

// A grey picture of these pixels, `stride` bytes a row. Empty when the size is not sane.
Picture grey_picture(const char* pixels, int width, int height, int stride);
// Turned and mirrored as EXIF's orientation (1 to 8) says; others leave it as it is.
Picture upright(Picture picture, int exif_orientation);

// Recognition of the pages of one item, in order; finish() tells what belongs to the whole.
class Recognition {
 public:
  Recognition(Sink& sink, const Limits& limits);
  ~Recognition();
  static bool ready();  // models are loaded
  // Recognises and gives the text to the sink. `dpi` 0: not known.
  void page(unsigned number, const Pix* picture, int dpi);
  void finish();

 private:
  struct Outcome;
  struct Levelled;
  static Levelled level(const Picture& page);
  Outcome read(const Picture& given, double scale, Levelled& page);
  Outcome recognise(std::string_view language, Pix* picture);
  Outcome best(Pix* picture, std::string_view script);
  void write_words(unsigned number, const Levelled& page, double scale, const Outcome& outcome);
  Sink& sink_;
  const Limits& limits_;
  std::string words_;             // the JSON of all pages
  std::string languages_, last_;  // that were used; the last that went well
  std::uint64_t confidence_sum_ = 0, word_count_ = 0;
  unsigned pages_ = 0;
  bool untold_ = false;  // words of some page that are of no language that is told
  int dpi_ = 0;
};

}  // namespace extract

#include "jpeg.h"

#include <base/result.h>

#include <csetjmp>
#include <cstdio>
#include <cstdlib>

extern "C" {
#include <jpeglib.h>
}

namespace evidence {
namespace {

constexpr int kQuality = 88;  // letters stay clean, a page of A4 takes 200 to 400 kB

struct Errors {
  jpeg_error_mgr base;  // first: the library knows this part
  std::jmp_buf out;
};
void leave(j_common_ptr c) { std::longjmp(reinterpret_cast<Errors*>(c->err)->out, 1); }
void silent(j_common_ptr) {}

}  // namespace

std::string jpeg_of(std::string_view rgb, std::uint32_t width, std::uint32_t height) {
  CHECK(width > 0 && height > 0 && rgb.size() == std::size_t{width} * height * 3);
  jpeg_compress_struct c{};
  Errors errors{};
  c.err = jpeg_std_error(&errors.base);
  errors.base.error_exit = leave;
  errors.base.output_message = silent;
  unsigned char* bytes = nullptr;
  unsigned long size = 0;
  // Nothing with a destructor lives between here and the end of the library's work.
  if (setjmp(errors.out)) {
    jpeg_destroy_compress(&c);
    std::free(bytes);
    return {};
  }
  jpeg_create_compress(&c);
  jpeg_mem_dest(&c, &bytes, &size);
  c.image_width = width, c.image_height = height;
  c.input_components = 3, c.in_color_space = JCS_RGB;
  jpeg_set_defaults(&c);
  jpeg_set_quality(&c, kQuality, TRUE);
  // Colour as fine as brightness: coloured letters stay sharp.
  c.comp_info[0].h_samp_factor = c.comp_info[0].v_samp_factor = 1;
  jpeg_start_compress(&c, TRUE);
  while (c.next_scanline < height) {
    auto* line =
        reinterpret_cast<JSAMPLE*>(const_cast<char*>(rgb.data() + std::size_t{c.next_scanline} * width * 3));
    jpeg_write_scanlines(&c, &line, 1);
  }
  jpeg_finish_compress(&c);
  jpeg_destroy_compress(&c);
  std::string out(reinterpret_cast<const char*>(bytes), size);
  std::free(bytes);
  return out;
}

}  // namespace evidence

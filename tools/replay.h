#pragma once
// The fuzz targets of a module in one program, each under its name: the build makes the table (module.cmake).
#include <cstddef>
#include <cstdint>

struct Target {
  const char* name;
  int (*run)(const std::uint8_t* data, std::size_t size);
};
extern const Target kTargets[];  // the last one has no name

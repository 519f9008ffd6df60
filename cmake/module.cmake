include_guard(GLOBAL)

# module(<name> FLOOR <n> [COMPUTES] [APART] [USES <targets>...] [HIDES <targets>...] [LIBS <external>...])
#
# USES   modules seen by this one and by whoever uses it; HIDES: by this one only.
# LIBS   libraries of the system, seen by this module only.
# COMPUTES  its tests work as hard as what they test.
# APART  its files are compiled one by one, as the compiler cannot take several with coroutines together. Of other
#        modules four are compiled at once, as most of what each takes is its headers: names in unnamed namespaces are
#        unique within a module.
# include/<name>/   what users of the module see
# contract/<name>/  what any module may see, by naming <name>_contract in USES
# x.cpp             the module; x_test.cpp its tests; x_fuzz.cpp a fuzz target; x_bench.cpp a benchmark
#
# An arrow may only point to a lower floor. Contracts stand on floor 1.
define_property(TARGET PROPERTY FLOOR)

function(contract NAME)
  file(GLOB_RECURSE headers CONFIGURE_DEPENDS contract/*.h)
  add_library(${NAME}_contract INTERFACE)
  target_sources(${NAME}_contract INTERFACE FILE_SET HEADERS BASE_DIRS contract FILES ${headers})
  target_link_libraries(${NAME}_contract INTERFACE base)
  set_target_properties(${NAME}_contract PROPERTIES FLOOR 0.5)
endfunction()

# Tests, and fuzz targets that only replay, are built more often than run: not optimised, and with what all of them
# include made once.
function(built_more_than_run TARGET)
  target_compile_options(${TARGET} PRIVATE -O0 -U_FORTIFY_SOURCE)
  target_link_libraries(${TARGET} PRIVATE GTest::gtest)
  target_compile_definitions(${TARGET} PRIVATE CUSTOS_SOURCE="${CMAKE_SOURCE_DIR}" CUSTOS_BIN="${CMAKE_BINARY_DIR}/bin")
  if("${TARGET}" STREQUAL "base_tests")
    target_precompile_headers(base_tests PRIVATE <algorithm> <map> <memory> <string> <vector> <boost/json.hpp> <gtest/gtest.h>)
  else()
    target_precompile_headers(${TARGET} REUSE_FROM base_tests)
  endif()
endfunction()

function(together TARGET SIZE)
  set_target_properties(${TARGET} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE ${SIZE})
  # Fixtures of a test stand in unnamed namespaces, as they should in a file of their own.
  target_compile_options(${TARGET} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-Wno-subobject-linkage>)
endfunction()

function(module NAME)
  cmake_parse_arguments(M "COMPUTES;APART" "FLOOR" "USES;HIDES;LIBS;TEST_LIBS" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS *.cpp kpi/*.cpp)
  list(FILTER sources EXCLUDE REGEX "_(test|fuzz|bench)\\.cpp$")
  file(GLOB_RECURSE public CONFIGURE_DEPENDS include/*.h)

  add_library(${NAME} STATIC ${sources})
  target_sources(${NAME} PUBLIC FILE_SET HEADERS BASE_DIRS include FILES ${public})
  set_target_properties(${NAME} PROPERTIES FLOOR ${M_FLOOR})
  foreach(used IN LISTS M_USES M_HIDES)
    get_target_property(floor ${used} FLOOR)
    if(NOT floor LESS M_FLOOR)
      message(FATAL_ERROR "${NAME} (floor ${M_FLOOR}) may not use ${used} (floor ${floor})")
    endif()
  endforeach()
  target_link_libraries(${NAME} PUBLIC ${M_USES} PRIVATE ${M_HIDES} ${M_LIBS})
  if(NOT NAME STREQUAL "base")
    target_precompile_headers(${NAME} REUSE_FROM base)
  endif()
  if(NOT M_APART)
    together(${NAME} 4)
  endif()

  file(GLOB tests CONFIGURE_DEPENDS *_test.cpp)
  if(tests AND CUSTOS_TESTS)
    add_executable(${NAME}_tests ${tests})
    target_link_libraries(${NAME}_tests PRIVATE ${NAME} ${M_HIDES} ${M_LIBS} ${M_TEST_LIBS} GTest::gtest_main)
    target_include_directories(${NAME}_tests PRIVATE ${CMAKE_CURRENT_SOURCE_DIR})
    if(M_COMPUTES)
      target_compile_definitions(${NAME}_tests PRIVATE CUSTOS_SOURCE="${CMAKE_SOURCE_DIR}" CUSTOS_BIN="${CMAKE_BINARY_DIR}/bin")
    else()
      built_more_than_run(${NAME}_tests)
    endif()
    together(${NAME}_tests 8)
    add_test(NAME ${NAME} COMMAND ${NAME}_tests)
    # One thread of recognition a process, as in a lane: threads that wait for one another on busy processors spin.
    set_tests_properties(${NAME} PROPERTIES TIMEOUT 900 ENVIRONMENT "OMP_THREAD_LIMIT=1;OMP_NUM_THREADS=1")
  endif()

  # Fuzz targets: libFuzzer under the fuzz preset, a program each; else all of a module in one plain program, over
  # the kept corpus.
  file(GLOB fuzzers CONFIGURE_DEPENDS *_fuzz.cpp)
  if(CUSTOS_FUZZ)
    foreach(file IN LISTS fuzzers)
      get_filename_component(stem ${file} NAME_WE)
      add_executable(${NAME}_${stem} ${file})
      target_link_options(${NAME}_${stem} PRIVATE -fsanitize=fuzzer)
      target_link_libraries(${NAME}_${stem} PRIVATE ${NAME} ${M_HIDES} ${M_LIBS})
      target_include_directories(${NAME}_${stem} PRIVATE ${CMAKE_CURRENT_SOURCE_DIR})
    endforeach()
  elseif(fuzzers AND CUSTOS_TESTS)
    set(text "#include <tools/replay.h>\n")
    set(table "")
    foreach(file IN LISTS fuzzers)
      get_filename_component(stem ${file} NAME_WE)
      string(REGEX REPLACE "_fuzz$" "" short ${stem})
      string(APPEND text "#define LLVMFuzzerTestOneInput fuzz_${short}\n#include \"${file}\"\n#undef LLVMFuzzerTestOneInput\n")
      string(APPEND table "  {\"${short}\", fuzz_${short}},\n")
      add_test(NAME fuzz_corpus_${NAME}_${short}
               COMMAND ${NAME}_replay ${short} ${CMAKE_SOURCE_DIR}/fuzz/corpus/${short})
    endforeach()
    file(GENERATE OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/replay.cpp CONTENT "${text}const Target kTargets[] = {\n${table}  {nullptr, nullptr}};\n")
    add_executable(${NAME}_replay ${CMAKE_CURRENT_BINARY_DIR}/replay.cpp $<TARGET_OBJECTS:replay>)
    built_more_than_run(${NAME}_replay)
    target_link_libraries(${NAME}_replay PRIVATE ${NAME} ${M_HIDES} ${M_LIBS})
    target_include_directories(${NAME}_replay PRIVATE ${CMAKE_CURRENT_SOURCE_DIR} ${CMAKE_SOURCE_DIR})
  endif()

  file(GLOB benches CONFIGURE_DEPENDS *_bench.cpp)
  foreach(file IN LISTS benches)
    get_filename_component(stem ${file} NAME_WE)
    add_executable(${NAME}_${stem} ${file})
    target_link_libraries(${NAME}_${stem} PRIVATE ${NAME} ${M_HIDES} ${M_LIBS})
    target_include_directories(${NAME}_${stem} PRIVATE ${CMAKE_CURRENT_SOURCE_DIR})
  endforeach()
  list(JOIN M_USES " " uses)
  list(JOIN M_HIDES " " hides)
  set_property(GLOBAL APPEND PROPERTY HOUSE "| ${M_FLOOR} | src/${NAME} | ${uses} | ${hides} |")
endfunction()

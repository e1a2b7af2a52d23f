# How every folder of src/ is built: one static library, its own public headers, flags on the target,
# and only the folders it may include within reach.
include(CheckCCompilerFlag)
include(CheckCSourceCompiles)
include(CheckLinkerFlag)
find_package(PkgConfig REQUIRED)

add_library(dw_flags INTERFACE)

# Adds a compiler flag where the compiler knows it.
function(dw_flag flag)
  string(MAKE_C_IDENTIFIER "DW_HAS${flag}" var)
  check_c_compiler_flag("${flag}" ${var})
  if(${var})
    target_compile_options(dw_flags INTERFACE "${flag}")
  endif()
endfunction()

function(dw_link_flag flag)
  string(MAKE_C_IDENTIFIER "DW_LINKS${flag}" var)
  check_linker_flag(C "${flag}" ${var})
  if(${var})
    target_link_options(dw_flags INTERFACE "${flag}")
  endif()
endfunction()

foreach(flag
    -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow -Wformat=2 -Wstrict-prototypes
    -Wmissing-prototypes -Wcast-qual -Wpointer-arith -Wwrite-strings -Wundef -Wvla -Wswitch-enum
    -Wimplicit-fallthrough -Wnull-dereference)
  dw_flag(${flag})
endforeach()
# The comma before __VA_ARGS__ that gcc swallows: clang does so too, and says so.
if(CMAKE_C_COMPILER_ID MATCHES Clang)
  dw_flag(-Wno-gnu-zero-variadic-macro-arguments)
endif()
if(DW_WERROR)
  dw_flag(-Werror)
endif()

target_compile_definitions(dw_flags INTERFACE _GNU_SOURCE)
dw_flag(-fstack-protector-strong)
dw_flag(-fstack-clash-protection)
dw_flag(-fcf-protection)
dw_flag(-fno-common)
dw_link_flag(-Wl,-z,relro)
dw_link_flag(-Wl,-z,now)
dw_link_flag(-Wl,-z,noexecstack)

if(DW_SANITIZE)
  target_compile_options(dw_flags INTERFACE -fsanitize=${DW_SANITIZE} -fno-sanitize-recover=all
                         -fno-omit-frame-pointer)
  target_link_options(dw_flags INTERFACE -fsanitize=${DW_SANITIZE})
else()
  dw_flag(-ftrivial-auto-var-init=zero)
  # FORTIFY needs optimisation; level 3 only where the C library takes it without a warning.
  set(CMAKE_REQUIRED_FLAGS "-O2 -Werror -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3")
  check_c_source_compiles("#include <string.h>\nint main(void) { return 0; }" DW_FORTIFY_3)
  unset(CMAKE_REQUIRED_FLAGS)
  if(DW_FORTIFY_3)
    set(level 3)
  else()
    set(level 2)
  endif()
  target_compile_options(dw_flags INTERFACE
    $<$<NOT:$<CONFIG:Debug>>:-U_FORTIFY_SOURCE> $<$<NOT:$<CONFIG:Debug>>:-D_FORTIFY_SOURCE=${level}>)
endif()
if(DW_COVERAGE)
  target_compile_options(dw_flags INTERFACE -fprofile-instr-generate -fcoverage-mapping)
  target_link_options(dw_flags INTERFACE -fprofile-instr-generate)
endif()
include(CheckPIESupported)
check_pie_supported(LANGUAGES C)

# dw_library(mail SOURCES a.c b.c DEPS base model LINKS ZLIB::ZLIB)
# DEPS are the folders whose headers this one may include (architecture: "may include").
function(dw_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPS;LINKS" ${ARGN})
  add_library(dw_${name} STATIC ${ARG_SOURCES})
  target_include_directories(dw_${name} PUBLIC ${CMAKE_CURRENT_SOURCE_DIR}/include
                             PRIVATE ${CMAKE_CURRENT_SOURCE_DIR})
  list(TRANSFORM ARG_DEPS PREPEND dw_)
  target_link_libraries(dw_${name} PUBLIC ${ARG_DEPS} PRIVATE dw_flags ${ARG_LINKS})
endfunction()

# dw_program(dmarcwarn SOURCES main.c DEPS cli ...)
function(dw_program name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPS;LINKS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  set_target_properties(${name} PROPERTIES POSITION_INDEPENDENT_CODE ON)
  list(TRANSFORM ARG_DEPS PREPEND dw_)
  target_link_libraries(${name} PRIVATE ${ARG_DEPS} dw_flags ${ARG_LINKS})
endfunction()

# dw_test(mail test-mime.c [DEPS text] [ARGS ...]): a cmocka program; the test's name is mail/test-mime.
function(dw_test folder source)
  cmake_parse_arguments(ARG "" "" "DEPS;LINKS" ${ARGN})
  get_filename_component(stem ${source} NAME_WE)
  set(target ${folder}-${stem})
  add_executable(${target} ${source})
  list(TRANSFORM ARG_DEPS PREPEND dw_)
  target_link_libraries(${target} PRIVATE dw_${folder} ${ARG_DEPS} ${ARG_LINKS} dw_flags PkgConfig::CMOCKA)
  # The private headers of the folder under test are in reach, those of other folders are not.
  target_include_directories(${target} PRIVATE ${CMAKE_SOURCE_DIR}/src/${folder} ${CMAKE_SOURCE_DIR}/tests
                             ${CMAKE_CURRENT_SOURCE_DIR})
  target_compile_definitions(${target} PRIVATE TESTDATA="${CMAKE_SOURCE_DIR}/testdata")
  add_test(NAME ${folder}/${stem} COMMAND ${target})
  set_tests_properties(${folder}/${stem} PROPERTIES LABELS unit TIMEOUT 120)
endfunction()

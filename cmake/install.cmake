# What `cmake --install` puts where, and the manual pages, which are made with everything else.

if(NOT TARGET dmarcwarn OR NOT TARGET dmarcwarn-parse)
  return()
endif()

# The program looks for its reader from its own folder, so both may be moved together and never apart.
file(RELATIVE_PATH reader_folder ${CMAKE_INSTALL_FULL_BINDIR} ${CMAKE_INSTALL_FULL_LIBEXECDIR}/dmarcwarn)
if(NOT reader_folder STREQUAL "../libexec/dmarcwarn")
  message(FATAL_ERROR "CMAKE_INSTALL_BINDIR and CMAKE_INSTALL_LIBEXECDIR must be so that the reader is in "
                      "../libexec/dmarcwarn of the program's folder, not in ${reader_folder}")
endif()
install(TARGETS dmarcwarn RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
if(DW_SANDBOX)
  install(TARGETS dmarcwarn-parse RUNTIME DESTINATION ${CMAKE_INSTALL_LIBEXECDIR}/dmarcwarn)
else()
  install(CODE "message(FATAL_ERROR \"built with DW_SANDBOX=OFF, which is never installed\")")
endif()

install(FILES config/minimal.yml config/example.yml DESTINATION ${CMAKE_INSTALL_DOCDIR}/examples)
install(FILES README.md NEWS.md LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})

# Schemas of the configuration, which comes out of the table of the program, and of what webhooks are sent.
add_executable(dmarcwarn-schema ${CMAKE_SOURCE_DIR}/docs/schema.c)
target_link_libraries(dmarcwarn-schema PRIVATE dw_config dw_flags)
set_target_properties(dmarcwarn-schema PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/docs)
add_custom_command(OUTPUT ${CMAKE_BINARY_DIR}/docs/config.schema.json
  COMMAND dmarcwarn-schema > ${CMAKE_BINARY_DIR}/docs/config.schema.json DEPENDS dmarcwarn-schema VERBATIM)
add_custom_target(schemas ALL DEPENDS ${CMAKE_BINARY_DIR}/docs/config.schema.json)
install(FILES ${CMAKE_BINARY_DIR}/docs/config.schema.json docs/alert.schema.json
        DESTINATION ${CMAKE_INSTALL_DATADIR}/dmarcwarn)

# Units name the program by its full path, which is known when the prefix is: at the installation.
install(CODE "set(DW_PROGRAM \"\${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_BINDIR}/dmarcwarn\")
configure_file(\"${CMAKE_SOURCE_DIR}/packaging/systemd/dmarcwarn.service.in\"
               \"${CMAKE_BINARY_DIR}/dmarcwarn.service\" @ONLY)")
install(FILES ${CMAKE_BINARY_DIR}/dmarcwarn.service packaging/systemd/dmarcwarn.timer
        DESTINATION lib/systemd/system)
install(FILES packaging/systemd/dmarcwarn.sysusers DESTINATION lib/sysusers.d RENAME dmarcwarn.conf)

find_program(SCDOC scdoc)
if(NOT SCDOC)
  message(STATUS "scdoc is not here: no manual pages")
  return()
endif()
# The keys and limits in dmarcwarn.yml(5) come out of the tables of the program.
add_executable(dmarcwarn-reference ${CMAKE_SOURCE_DIR}/docs/reference.c)
target_link_libraries(dmarcwarn-reference PRIVATE dw_config dw_flags)
set_target_properties(dmarcwarn-reference PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/docs)
set(manual ${CMAKE_BINARY_DIR}/docs)
add_custom_command(OUTPUT ${manual}/dmarcwarn.1
  COMMAND ${SCDOC} < ${CMAKE_SOURCE_DIR}/docs/dmarcwarn.1.scd > ${manual}/dmarcwarn.1
  DEPENDS docs/dmarcwarn.1.scd VERBATIM)
add_custom_command(OUTPUT ${manual}/dmarcwarn.yml.5
  COMMAND dmarcwarn-reference < ${CMAKE_SOURCE_DIR}/docs/dmarcwarn.yml.5.scd > ${manual}/dmarcwarn.yml.5.scd
  COMMAND ${SCDOC} < ${manual}/dmarcwarn.yml.5.scd > ${manual}/dmarcwarn.yml.5
  DEPENDS docs/dmarcwarn.yml.5.scd dmarcwarn-reference VERBATIM)
# The lists in dmarcwarn-codes(7) too.
add_executable(dmarcwarn-codes ${CMAKE_SOURCE_DIR}/docs/codes.c)
target_link_libraries(dmarcwarn-codes PRIVATE dw_model dw_flags)
set_target_properties(dmarcwarn-codes PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/docs)
add_custom_command(OUTPUT ${manual}/dmarcwarn-codes.7
  COMMAND dmarcwarn-codes < ${CMAKE_SOURCE_DIR}/docs/dmarcwarn-codes.7.scd > ${manual}/dmarcwarn-codes.7.scd
  COMMAND ${SCDOC} < ${manual}/dmarcwarn-codes.7.scd > ${manual}/dmarcwarn-codes.7
  DEPENDS docs/dmarcwarn-codes.7.scd dmarcwarn-codes VERBATIM)
add_custom_target(manual ALL DEPENDS ${manual}/dmarcwarn.1 ${manual}/dmarcwarn.yml.5 ${manual}/dmarcwarn-codes.7)
install(FILES ${manual}/dmarcwarn.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
install(FILES ${manual}/dmarcwarn.yml.5 DESTINATION ${CMAKE_INSTALL_MANDIR}/man5)
install(FILES ${manual}/dmarcwarn-codes.7 DESTINATION ${CMAKE_INSTALL_MANDIR}/man7)

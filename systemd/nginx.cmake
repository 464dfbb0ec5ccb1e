# Makes the files that nginx includes, as a host gets them, of those in nginx/.
#   cmake -D OUT=FOLDER -D SHARE=/usr/share/gatehouse -D ETC=/etc/nginx -D "EDITED=cors.conf;..." -P nginx.cmake
# FOLDER/share then holds what follows upgrades, for SHARE/nginx; FOLDER/etc what an administrator edits (EDITED), for
# ETC/gatehouse; FOLDER/conf.d what nginx reads by itself, for ETC/conf.d. Their includes are absolute: in share/ nothing
# depends on the links in ETC/gatehouse, by which sites name these files.
cmake_minimum_required(VERSION 3.16)
get_filename_component(source ${CMAKE_CURRENT_LIST_DIR}/../nginx ABSOLUTE)
list(JOIN EDITED "|" of_etc)
string(REPLACE "." "\\." of_etc "${of_etc}")

# Only whole lines are changed: a comment that shows an include to sites stays as it is.
function(install_text text target)
  string(PREPEND text "\n")
  string(REGEX REPLACE "(\n[ \t]*include )gatehouse/(${of_etc}|sites/)"
         "\\1${ETC}/gatehouse/\\2" text "${text}")
  string(REGEX REPLACE "(\n[ \t]*include )gatehouse/" "\\1${SHARE}/nginx/" text "${text}")
  string(REGEX REPLACE "(\n[ \t]*(include|root) )/usr/share/gatehouse/" "\\1${SHARE}/" text "${text}")
  string(SUBSTRING "${text}" 1 -1 text)
  file(WRITE ${OUT}/${target} "${text}")
endfunction()

file(REMOVE_RECURSE ${OUT})
file(GLOB names RELATIVE ${source} ${source}/*.conf ${source}/snippets/*.conf)
# tutorial.conf is an example, and languages.conf is made with the pages.
list(REMOVE_ITEM names tutorial.conf snippets/languages.conf)
foreach(name ${names})
  file(READ ${source}/${name} text)
  if(name IN_LIST EDITED)
    install_text("${text}" etc/${name})
  else()
    install_text("${text}" share/${name})
  endif()
endforeach()
file(READ ${CMAKE_CURRENT_LIST_DIR}/conf.d-gatehouse.conf text)
install_text("${text}" conf.d/gatehouse.conf)

#include "config/syntax_error.h"

#include <algorithm>
#include <array>

namespace gatehouse::config {
namespace {

struct Meaning {
  std::string_view described;  ///< a part of the library's text
  std::string_view plain;
};

/// The first row whose part is in the description counts. SyntaxError in the unit tests
/// parses a text for each row, so that another version of the library does not bring the riddles
/// back.
constexpr std::array<Meaning, 17> kMeanings = {{
    {"control characters", "a quote is opened here and not closed on this line"},
    {"string: encountered end-of-file",
     "quotes that are opened here or further up are never closed"},
    {"escape sequence",
     "a backslash inside \"…\" begins an escape: write \\\\ for one, or put the value into '…'"},
    {"unicode scalar",
     "a backslash inside \"…\" begins an escape: write \\\\ for one, or put the value into '…'"},
    {"could not determine value type",
     "the value must be in quotes, such as \"30m\", or be a number, true or false"},
    {"integer: expected digit",
     "a value that is not a plain number must be in quotes, such as "
     "\"30m\""},
    {"leading zeroes", "a number must not begin with 0"},
    {"expected value, saw", "the value behind the = is missing"},
    {"expected '=', saw", "a setting is written `key = value`, and the = is missing"},
    {"expected a comment or whitespace",
     "something stands behind the value: write one setting a line, and # before a comment"},
    {"table header: expected ']'", "the ] behind the name of the section is missing"},
    {"table header: cannot redefine",
     "this section is there already, further up: write all its settings below one [name]"},
    {"cannot redefine existing", "this setting is there already, further up: remove one of them"},
    {"array: ", "a comma or the ] of the list is missing"},
    {"inline table: ", "a comma or the } of the table is missing"},
    {"root table: ", "a line must be a [section], a setting `key = value`, or a # comment"},
    {"invalid utf-8", "a character is not UTF-8: save the file as UTF-8"},
}};

}  // namespace

std::string plain_syntax_error(std::string_view description) {
  const auto* const row =
      std::find_if(kMeanings.begin(), kMeanings.end(), [&](const Meaning& meaning) {
        return description.find(meaning.described) != std::string_view::npos;
      });
  return std::string(row == kMeanings.end() ? description : row->plain);
}

}  // namespace gatehouse::config

#include "cli/hints.h"

#include <fmt/format.h>

#include <array>
#include <string_view>
#include <utility>

#include "cli/init/instance.h"
#include "cli/text.h"

namespace gatehouse::cli {
namespace {

constexpr std::string_view kBegin = "`gatehouse ";

bool takes_config(std::string_view words) {
  constexpr std::array<std::string_view, 7> kVerbs = {"init --key", "key ",  "session ", "user ",
                                                      "password ",  "check", "migrate"};
  if (words.starts_with("check-nginx") || words.find("--config") != std::string_view::npos) {
    return false;
  }
  for (const std::string_view verb : kVerbs) {
    if (words.starts_with(verb)) return true;
  }
  return false;
}

std::filesystem::path& config_of_process() {
  static std::filesystem::path file;
  return file;
}

}  // namespace

std::string with_config(std::string message, const std::filesystem::path& config_file) {
  const bool usual = config_file.empty() || config_file == init::Instance::named("")->config_file();
  if (usual) return message;
  const std::string option = " --config " + config_file.string();
  for (auto at = message.find(kBegin); at != std::string::npos; at = message.find(kBegin, at)) {
    at += kBegin.size();
    const auto end = message.find('`', at);
    if (end == std::string::npos) break;
    const std::string_view words = std::string_view(message).substr(at, end - at);
    // Behind `--` no option is read any more.
    const auto dashes = words.find(" -- ");
    if (takes_config(words))
      message.insert(dashes == std::string::npos ? end : at + dashes, option);
  }
  return message;
}

std::string command_for(std::string_view verb, std::string_view name) {
  constexpr std::string_view kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.,:@%+-/";
  std::string word(name);
  // A backtick would end the command for with_config().
  if (name.empty() || printable(name).find('\\') != std::string::npos ||
      name.find('`') != std::string_view::npos) {
    word = "NAME";
  } else if (name.find_first_not_of(kPlain) != std::string_view::npos) {
    word = "'";
    for (const char c : name) word += c == '\'' ? std::string("'\\''") : std::string(1, c);
    word += "'";
  }
  return fmt::format("`gatehouse {} {}{}`", verb, name.starts_with('-') ? "-- " : "", word);
}

std::string with_config(std::string message) {
  return with_config(std::move(message), config_of_process());
}

void remember_config(const std::filesystem::path& config_file) {
  config_of_process() = config_file;
}

}  // namespace gatehouse::cli

#include "cli/hints.h"

#include <array>
#include <string_view>
#include <utility>

#include "cli/init/instance.h"

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
    if (takes_config(std::string_view(message).substr(at, end - at))) message.insert(end, option);
  }
  return message;
}

std::string with_config(std::string message) {
  return with_config(std::move(message), config_of_process());
}

void remember_config(const std::filesystem::path& config_file) {
  config_of_process() = config_file;
}

}  // namespace gatehouse::cli

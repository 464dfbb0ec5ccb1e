/// What `--help` prints: CLI11's text with our own words, and nothing that only programmers know.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace gatehouse::cli {

/// The formatter of the command line. Verbs inherit it, so it must be set before they are added.
class Help final : public CLI::Formatter {
 public:
  Help();
  std::string make_subcommands(const CLI::App* app, CLI::AppFormatMode mode) const override;
  /// Options of which one is to be chosen, which CLI11 keeps in a group.
  std::string make_expanded(const CLI::App* group) const override;
  std::string make_option_opts(const CLI::Option* option) const override;
};

}  // namespace gatehouse::cli

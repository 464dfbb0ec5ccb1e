# Devise: the columns that its generator makes, and users; or it is asked who gets in. The variant is in DEVISE: which of
# its modules the application uses.
require 'json'
require 'active_record'
require 'rails'
require 'action_controller/railtie'
require 'action_mailer/railtie'
require 'devise'
require 'devise/orm/active_record'
require 'rails/generators'
require 'generators/active_record/devise_generator'

modules = ENV.fetch('DEVISE').split(',').map(&:to_sym)
class Site < Rails::Application
  config.eager_load = false
  config.secret_key_base = 'x'
  config.logger = Logger.new(nil)
end
Devise.secret_key = 'x'
Site.initialize!
connection = { adapter: 'mysql2', socket: '/run/mysqld/mysqld.sock', username: 'root', database: ENV.fetch('SCHEMA') }
ActiveRecord::Base.configurations = { Rails.env => { 'primary' => connection } }
ActiveRecord::Base.establish_connection(connection)
if ARGV[0] == 'install'
  # The lines of a module that is not the usual one stand there as comments, below its name.
  lines = ActiveRecord::Generators::DeviseGenerator.allocate.migration_data.lines
  chosen = nil
  lines = lines.map do |line|
    chosen = modules.include?(Regexp.last_match(1).downcase.to_sym) if line =~ /^\s*## (\w+)/
    chosen ? line.sub(/# (?=t\.)/, '') : line
  end
  ActiveRecord::Schema.verbose = false
  ActiveRecord::Schema.define do
    create_table(:users) { |t| eval(lines.join) && t.timestamps(null: false) }
  end
end
class User < ActiveRecord::Base
end
User.class_eval { devise(:database_authenticatable, :recoverable, :rememberable, *modules) }
if ARGV[0] == 'install'
  make = lambda do |name|
    user = User.new(email: "#{name}@example.com", password: ENV.fetch('PASSWORD'))
    user.skip_confirmation_notification! if modules.include?(:confirmable)
    user.tap(&:save!)
  end
  roy = make.call('roy')
  if modules.include?(:confirmable)
    make.call('wendy')
    roy.confirm
  end
  if modules.include?(:lockable)
    make.call('lora').tap { |user| user.respond_to?(:confirm) && user.confirm }.lock_access!(send_instructions: false)
  end
else
  said = JSON.parse($stdin.read).map do |name, typed|
    user = User.find_for_database_authentication(email: name)
    !user.nil? && user.valid_password?(typed) && user.active_for_authentication? &&
      !(user.respond_to?(:access_locked?) && user.access_locked?)
  end
  puts said.to_json
end

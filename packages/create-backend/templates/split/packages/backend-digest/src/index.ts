// Starts the backend.
import { backend } from './backend';

backend.start();
